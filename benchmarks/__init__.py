"""What the framework costs, against plain asyncio: `make bench`, or `python -m benchmarks`."""
