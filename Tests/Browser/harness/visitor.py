"""A person with a browser: one Chromium with a profile of its own."""

import re
import shutil
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains

from .widget import Widget

DESKTOP = (1280, 800)
PHONE = (390, 844)

# Somebody who has spoken in a chat of this site before, and is therefore in the room from the beginning on.
KNOWN = "try { localStorage['samepage:spoke'] ??= 'yes' } catch {}"

# Whatever goes wrong in a page is kept here, and fails the test at its end.
LISTEN = """
(() => {
  const problems = [];
  Object.defineProperty(window, '__problems', { value: problems });
  addEventListener('error', event => problems.push(event.target === window || !event.target.tagName
    ? `uncaught: ${event.message} (${event.filename}:${event.lineno})`
    : `did not load: ${event.target.src || event.target.href}`), true);
  addEventListener('unhandledrejection', event => problems.push(`unhandled rejection: ${event.reason}`));
  document.addEventListener('securitypolicyviolation', event => problems.push(
    `policy violation: ${event.effectiveDirective} ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`));
})();
"""


class Visitor:
    """`phone` makes a touch screen of 390 × 844, `theme` is light or dark. A `stranger` is here for the first time."""

    def __init__(self, name, phone=False, theme="light", stranger=False):
        self.name = name
        self.tolerated = []
        self.seen = []
        width, height = PHONE if phone else DESKTOP
        options = webdriver.ChromeOptions()
        options.binary_location = shutil.which("chromium") or "/usr/bin/chromium"
        for argument in (
            "headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "no-first-run", "lang=en-GB",
            "disable-background-networking", "disable-component-update", "disable-sync", "disable-extensions",
            "hide-scrollbars", f"window-size={width},{height}",
            # Nothing leaves this machine: whatever asks for another host fails, and is seen.
            "host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
        ):  # fmt: skip
            options.add_argument("--" + argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        if phone:
            metrics = {"width": width, "height": height, "pixelRatio": 2, "touch": True, "mobile": True}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        self.driver = webdriver.Chrome(service=Service(shutil.which("chromedriver")), options=options)
        self.driver.set_page_load_timeout(20)
        self.driver.set_script_timeout(20)
        self.tell("Page.enable")
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=LISTEN)
        if not stranger:
            self.at_every_page(KNOWN)
        self.use_theme(theme)
        if not phone:
            self.tell(
                "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False
            )
        self.widget = Widget(self)

    def tell(self, command, **parameters):
        """A command of the DevTools protocol."""
        return self.driver.execute_cdp_cmd(command, parameters)

    def at_every_page(self, script):
        """Runs a script before any other of each page that is opened from now on."""
        self.tell("Page.addScriptToEvaluateOnNewDocument", source=script)

    def network(self, offline=False, latency=0, throughput=-1):
        """The network as DevTools emulate it: milliseconds, bytes per second."""
        self.tell("Network.enable")
        self.tell("Network.emulateNetworkConditions", offline=offline, latency=latency,
                  downloadThroughput=throughput, uploadThroughput=throughput)  # fmt: skip

    def use_theme(self, theme):
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": theme}])

    def run(self, script, *arguments):
        """Runs a function body in the page."""
        return self.driver.execute_script(script, *arguments)

    def visit(self, url):
        self.collect()
        self.driver.get(url)

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def long_press(self, element, seconds=0.7):
        """Holds a finger on an element."""
        x, y = self.run(
            "const { left, top, width, height } = arguments[0].getBoundingClientRect();"
            "return [left + width / 2, top + height / 2]", element)
        self.tell("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        time.sleep(seconds)  # that is what a long press is
        self.tell("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    def photograph(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.driver.get_screenshot_as_png())
        return path

    def tolerate(self, pattern):
        """A problem that this test brings about on purpose."""
        self.tolerated.append(re.compile(pattern))

    def collect(self):
        try:
            self.seen += self.run("return (window.__problems || []).splice(0)")
            self.seen += [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]
        except WebDriverException as error:
            self.seen.append(f"the browser does not answer: {error.msg}")

    def problems(self):
        """Uncaught exceptions, console errors, policy violations and failed loads so far."""
        self.collect()
        return [
            f"{self.name}: {problem}"
            for problem in self.seen
            if not any(pattern.search(problem) for pattern in self.tolerated)
        ]

    def leave(self):
        self.driver.quit()
