"""The asyncio actor engine."""
