"""How fast we are, as ratios within one run on one machine: `make bench`."""
