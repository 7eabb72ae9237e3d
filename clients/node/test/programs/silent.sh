#!/bin/sh
# Waits for the end of its standard input, and prints nothing.
read -r _
