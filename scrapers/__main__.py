"""`warta`, and `python -m scrapers`."""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C before all is imported ends it without a traceback


def main() -> None:
    """Run the command line."""
    from scrapers.cli import main as run

    signal.signal(signal.SIGINT, signal.default_int_handler)
    run()


if __name__ == "__main__":
    main()
