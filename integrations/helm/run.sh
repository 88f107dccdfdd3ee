#!/bin/sh
# Helm 4 throws away what a post-renderer says, even when it fails. On Linux the standard error of helm itself, which
# is the parent of this shell, can be opened, so findings reach the person who called it.
[ -w "/proc/$PPID/fd/2" ] && exec 2>>"/proc/$PPID/fd/2"
exec immutably "$@"
