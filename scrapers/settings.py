"""Scrapy's settings. Where they differ from its defaults, a line says why; paths and the DSN are in config.py."""

from scrapers.config import CONTACT, ROOT

BOT_NAME = "warta"
SPIDER_MODULES = ["scrapers.spiders"]
NEWSPIDER_MODULE = "scrapers.spiders"
COMMANDS_MODULE = "scrapers.commands"  # `crawl` with exit codes and one-line errors; `genspider` of outlets
TEMPLATES_DIR = str(
    ROOT / "scrapers" / "templates"
)  # `scrapy genspider` writes outlets; Scrapy's own templates make spiders without the ledger
LOG_LEVEL = "INFO"
LOG_FORMATTER = "scrapers.crawl.logs.LogFormatter"  # a dropped page is logged as one line, not with its whole content

USER_AGENT = f"warta/0.1 (+{CONTACT})" if CONTACT else "warta/0.1"  # names Warta, and the contact that is set
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False  # no cookie is ever sent back
CONCURRENT_REQUESTS = 16  # also the most pages under way: being fetched, read or stored
CONCURRENT_ITEMS = 1  # a page gives one item; Scrapy starts this many tasks for each answer, 100 by default
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024  # of answers being read and stored; the default of 5 MB is 30 pages
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # per host, for a crawler that is a guest there
DOWNLOAD_DELAY = 1.0  # seconds, shared by all crawls of a host
DOWNLOAD_DELAY_JITTER = 0  # fetch/hosts.py spaces the requests, never closer than the delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_TIMEOUT = 30  # seconds, for the whole answer; the default of 180 s lets slow servers hold a crawl
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # the default of 1 GiB lets a compressed bomb through
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default; an outlet may turn it off in custom_settings, for itself
DOWNLOAD_FAIL_ON_DATALOSS = True  # an answer that was cut off is fetched again, never stored
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # not 429 and 503: these close the host, and their pages are deferred
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 5
PAGES_A_RUN = 20_000  # the most pages that one crawl fetches: some crawler traps show only by never ending
PAGES_A_HOST = 5_000  # the most of one host (plus at most one lease), so that a trap cannot use up the budget
SOFT_404_PROBE = True  # ask each host once a week for a page that cannot exist
TDM_RESERVATIONS = True  # ask each host once a week for its /.well-known/tdmrep.json
MEMUSAGE_LIMIT_MB = 2048  # the crawl ends itself beyond it, with exit code 8
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0  # a machine can run out of memory in less than the default of a minute
EXTENSIONS = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapers.crawl.memory_usage.MemoryUsage": 0,  # in place of Scrapy's: counts this process alone
    # Off in any case; named here they are not loaded either, which takes longer than all of ours.
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
TWISTED_DNS_RESOLVER = "scrapers.fetch.ssrf_guard.GuardedResolver"  # the address guard; resolves *.localhost too
HTTPPROXY_ENABLED = False  # a proxy would connect past the address guard

TELNETCONSOLE_ENABLED = False  # the console runs code for whoever reaches its port
REMOTE_CONTROL_ENABLED = False  # the same
DOWNLOAD_HANDLERS = {
    "http": "scrapers.fetch.handler.CrawlDownloadHandler",  # sends nothing while the database is away
    "https": "scrapers.fetch.handler.CrawlDownloadHandler",
    **dict.fromkeys(("file", "ftp", "s3", "data")),  # pages come by http and https only
}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Screening of pages' answers, from the last of these lines to the first: what is not taken reaches no callback.
    "scrapers.fetch.soft_404.Soft404Middleware": 25,
    "scrapers.fetch.opt_outs.OptOutMiddleware": 30,
    "scrapers.fetch.tdm_reservations.TdmReservationMiddleware": 35,
    "scrapers.fetch.interstitials.InterstitialMiddleware": 40,
    "scrapers.fetch.bodies.BodyMiddleware": 45,
    "scrapers.fetch.offsite.OffsiteMiddleware": 50,  # in place of Scrapy's; before any robots.txt is fetched
    "scrapers.fetch.robots.RobotsMiddleware": 100,  # in place of Scrapy's, which allows all where robots.txt fails
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapers.fetch.redirects.MetaRefreshMiddleware": 580,  # for Scrapy's: decodes only pages that may hold one
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapers.fetch.redirects.RedirectMiddleware": 600,  # for Scrapy's: tells a cookie wall from a redirect loop
    "scrapers.fetch.ssrf_guard.GuardMiddleware": 560,  # below retry: what the address guard refuses is not tried again
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapers.fetch.body_integrity.WholeBodiesMiddleware": 590,  # for Scrapy's: refuses damaged compressed bodies
    "scrapers.fetch.host_limiter.HostLimiterMiddleware": 605,  # below retry and redirect: each attempt waits
    "scrapers.fetch.fetch_log.FetchLogMiddleware": 610,  # below retry (550) and redirect (600): records every request
}
SPIDER_MIDDLEWARES = {
    "scrapers.crawl.middleware.CrawlMiddleware": 100,  # yields the requests of a crawl, out of the ledger
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapers.fetch.no_referer.NoRefererMiddleware": 700,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # pages come from the ledger, none from another page
}
ITEM_PIPELINES = {"scrapers.pipelines.StoragePipeline": 300}
EXTRACT_PROCESSES = 1  # processes that read pages, of each crawl; one reads some fifty pages a second
FEED_EXPORT_ENCODING = "utf-8"
