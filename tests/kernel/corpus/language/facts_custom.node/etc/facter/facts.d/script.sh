#!/bin/sh
echo from_script=script
