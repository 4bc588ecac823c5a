#!/usr/bin/env node
import { Command } from 'commander';

const program = new Command('smee').description('Network-boots a rack of empty machines');
await program.parseAsync();
