"""The tests of the compiler; `islands` holds what several of them share."""
