"""The commands: arguments, printing, exit codes. A module a command, loaded when it is asked for."""
