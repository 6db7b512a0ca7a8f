"""Looks at a report in headless Chromium: html.py REPORT HOSTILE FOLDER; prints what is wrong."""
import json
import sys

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

report, hostile, folder = sys.argv[1:]


def browser(with_script=True):
    options = webdriver.ChromeOptions()
    for word in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir=%s/profile%d"
                 % (folder, with_script), "--window-size=1280,1600", "--no-first-run", "--disable-background-networking"):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    if not with_script:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    return webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)


def check(good, text):
    if not good:
        print(text)


def requests(driver):
    urls = []
    for entry in driver.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            urls.append(message["params"]["request"]["url"])
    return [url for url in urls if not url.startswith(("file://" + report, "file://" + hostile, "data:", "chrome:"))]


def visible(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('tr.r')].filter(row => row.checkVisibility()).length")


driver = browser()
try:
    driver.get("file://" + report)
    check(visible(driver) == 72, "not all messages are shown")
    driver.find_element(By.ID, "spf-no").click()
    check(visible(driver) == 2, "the filter for SPF shows %d messages" % visible(driver))
    check(driver.find_element(By.ID, "shown").text == "2 / 72", "the count is not right")
    driver.find_element(By.ID, "spf-all").click()
    driver.find_element(By.ID, "find").send_keys("news@ 子育て支援情報庁")
    check(visible(driver) == 1, "the search shows %d messages" % visible(driver))
    row = driver.find_element(By.CSS_SELECTOR, "tr.r:not(.hidden)")
    row.find_element(By.TAG_NAME, "summary").click()
    check("kosodate-cho.example" in row.find_element(By.TAG_NAME, "details").text, "no account is folded in")
    for name, width, height in (("desktop", 1280, 1600), ("phone", 390, 1200)):
        driver.set_window_size(width, height)
        over = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        check(over <= 0, "it is wider than the %s by %d: %s" % (name, over, driver.execute_script(
            "return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right >"
            " document.documentElement.clientWidth + 1 && !e.closest('.wide')).map(e => e.tagName + '.' + e.className).slice(0, 5)")))
        driver.save_screenshot("%s/%s.png" % (folder, name))
    driver.get("file://" + hostile)
    check(driver.title == "Account of mail", "the title became " + driver.title)
    check(not driver.find_elements(By.CSS_SELECTOR, "img, iframe, object, embed, form, base, link, body script + script"),
          "there is an element out of mail")
    check("<script>document.title='owned'</script>" in driver.find_element(By.TAG_NAME, "summary").text,
          "markup does not show as text")
    check(not requests(driver), "it asked for %s" % requests(driver))
    errors = [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]
    check(not errors, "the browser complains: %s" % errors)
finally:
    driver.quit()
driver = browser(with_script=False)
try:
    driver.get("file://" + report)
    check(visible(driver) == 72, "without script not all messages are shown")
    driver.find_element(By.ID, "dmarc-yes").click()
    check(visible(driver) == 7, "without script the filter shows %d messages" % visible(driver))
    check(not driver.find_element(By.ID, "find").is_displayed(), "without script there is a field that does nothing")
finally:
    driver.quit()
