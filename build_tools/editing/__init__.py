"""Records changed by command as a careful hand would: laid out, begun, renamed; nothing else moves."""
