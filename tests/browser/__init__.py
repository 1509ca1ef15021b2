"""The built site in real Chromium: what readers do, see and must never meet."""
