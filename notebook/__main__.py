"""`python -m notebook`."""

from notebook.cli import main

if __name__ == "__main__":
    main()
