"""Scrapy's settings. Where they differ from its defaults, a line says why; paths and the DSN are in config.py."""

from scrapers.config import CONTACT, ROOT

BOT_NAME = "warta"
SPIDER_MODULES = ["scrapers.spiders"]
NEWSPIDER_MODULE = "scrapers.spiders"
COMMANDS_MODULE = "scrapers.commands"  # `crawl` with exit codes and one-line errors; `genspider` of outlets
TEMPLATES_DIR = str(ROOT / "scrapers" / "templates")  # Scrapy's own make spiders that know no ledger
LOG_LEVEL = "INFO"
LOG_FORMATTER = "scrapers.crawl.logs.LogFormatter"  # a dropped page is one line, not its whole content

USER_AGENT = f"warta/0.1 (+{CONTACT})" if CONTACT else "warta/0.1"  # honest, and reachable once a contact is set
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False  # nobody's session
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 1  # of one answer, of which ours give one; Scrapy starts so many tasks for each, 100 by default
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32 * 1024 * 1024  # of answers that are read and stored; 5 MB, the default, is 30 pages
CONCURRENT_REQUESTS_PER_DOMAIN = 2  # a guest
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0  # a host's turns are given by fetch/hosts.py, and never earlier than its delay
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_TIMEOUT = 30  # of the whole answer; the default of 180 s feeds slow-loris servers
DOWNLOAD_MAXSIZE = 16 * 1024 * 1024  # the default of 1 GiB lets a compressed bomb through
DOWNLOAD_WARNSIZE = 4 * 1024 * 1024
DOWNLOAD_VERIFY_CERTIFICATES = True  # off by default; an outlet may turn it off in custom_settings, for itself
DOWNLOAD_FAIL_ON_DATALOSS = True  # a cut page is fetched again, never stored
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # 429 and 503 ask to be left alone: their pages are deferred
REDIRECT_MAX_TIMES = 8
METAREFRESH_MAXDELAY = 5
PAGES_A_RUN = 20_000  # the most that one crawl fetches: some traps have no other mark than that they never end
PAGES_A_HOST = 5_000  # of these, of one host, give or take a lease's: a trap leaves something for its neighbours
SOFT_404_PROBE = True  # ask each host once a week for a page that cannot exist
TDM_RESERVATIONS = True  # ask each host once a week for its /.well-known/tdmrep.json
MEMUSAGE_LIMIT_MB = 2048
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0  # the default of a minute is time enough to fill a machine
EXTENSIONS = {
    "scrapy.extensions.memusage.MemoryUsage": None,
    "scrapers.crawl.memory_usage.MemoryUsage": 0,  # in its place: counts this process alone
    # Off in any case; named here they are not loaded either, which takes longer than all of ours.
    "scrapy.extensions.telnet.TelnetConsole": None,
    "scrapy.extensions.remote_control.RemoteControl": None,
}
TWISTED_DNS_RESOLVER = "scrapers.fetch.ssrf_guard.GuardedResolver"  # the address guard; knows *.localhost as well
HTTPPROXY_ENABLED = False  # a proxy would connect in our place, past the guard

TELNETCONSOLE_ENABLED = False  # both run code for whoever reaches their port
REMOTE_CONTROL_ENABLED = False
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
    "scrapers.fetch.offsite.OffsiteMiddleware": 50,  # in the place of Scrapy's; before anybody's robots.txt is asked
    "scrapers.fetch.robots.RobotsMiddleware": 100,  # in the place of Scrapy's, which lets too much pass
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapers.fetch.redirects.MetaRefreshMiddleware": 580,  # in its place: decodes only pages that may hold one
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "scrapers.fetch.redirects.RedirectMiddleware": 600,  # in its place: tells a cookie wall from an endless redirect
    "scrapers.fetch.ssrf_guard.GuardMiddleware": 560,  # below retry: what the guard refuses is not tried again
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "scrapers.fetch.body_integrity.WholeBodiesMiddleware": 590,  # in its place: a damaged body is not taken
    "scrapers.fetch.host_limiter.HostLimiterMiddleware": 605,  # below retry and redirect: each attempt waits
    "scrapers.fetch.fetch_log.FetchLogMiddleware": 610,  # below retry (550) and redirect (600): sees every request
}
SPIDER_MIDDLEWARES = {
    "scrapers.crawl.middleware.CrawlMiddleware": 100,  # where the requests of a crawl come from
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    "scrapers.fetch.no_referer.NoRefererMiddleware": 700,
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # pages come from the ledger, none from another page
}
ITEM_PIPELINES = {"scrapers.pipelines.StoragePipeline": 300}
EXTRACT_PROCESSES = 1  # of each crawl; it reads some fifty pages a second, a polite crawl fetches one or two
FEED_EXPORT_ENCODING = "utf-8"
