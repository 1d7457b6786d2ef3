"""The memory that a crawl uses now, in the place of Scrapy's figure.

Scrapy reads `ru_maxrss`, which Linux hands on through fork and exec: a crawl started by a large process, as Airflow's
worker is one, would be ended for the memory of its parent.
"""

import psutil
from scrapy.extensions.memusage import MemoryUsage as ScrapyMemoryUsage


class MemoryUsage(ScrapyMemoryUsage):
    """Scrapy's extension, with what is resident at the moment."""

    def get_virtual_size(self) -> int:
        """Return the bytes that this process holds in memory; its children's are not among them."""
        return int(psutil.Process().memory_info().rss)
