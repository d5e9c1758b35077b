package io.dimee.deploy.dashboard;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A headless Chromium with an empty profile, where one is installed. */
public final class Browser implements AutoCloseable {
  /** Why there may be none, for the message of a test that is skipped. */
  public static final String WANTED =
      "a Chromium and its chromedriver on the PATH, or named by CHROMIUM and CHROMEDRIVER";

  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final List<String> DRIVERS = List.of("chromedriver", "chromium.chromedriver");

  /** Warns about every Chromium that is newer than Selenium; a field, so that it stays set. */
  private static final Logger VERSIONS =
      Logger.getLogger("org.openqa.selenium.devtools.CdpVersionFinder");

  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /**
   * Starts a browser.
   *
   * @param profile an empty folder for its profile
   * @return empty when no browser or no driver is installed
   */
  public static Optional<Browser> start(Path profile) {
    Optional<File> browser = executable("CHROMIUM", BROWSERS);
    Optional<File> driver = executable("CHROMEDRIVER", DRIVERS);
    if (browser.isEmpty() || driver.isEmpty()) {
      return Optional.empty();
    }
    VERSIONS.setLevel(Level.SEVERE);
    LoggingPreferences logging = new LoggingPreferences();
    logging.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(browser.get());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logging);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1440,1000",
        "--user-data-dir=" + profile);
    // With a driver named, Selenium neither looks for one on the network nor reports statistics.
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(driver.get()).build();
    return Optional.of(new Browser(new ChromeDriver(service, options)));
  }

  private static Optional<File> executable(String variable, List<String> names) {
    String named = System.getenv(variable);
    if (named != null) {
      return Optional.of(new File(named));
    }
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> names.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .map(Path::toFile)
        .findFirst();
  }

  /** Opens a page and forgets what the console said before. */
  public void open(String url) {
    driver.get("about:blank");
    console();
    driver.get(url);
  }

  /** Shows pages in the dark scheme, or in the light one. */
  public void prefer(Scheme scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of(
                    "name",
                    "prefers-color-scheme",
                    "value",
                    scheme.name().toLowerCase(Locale.ROOT)))));
  }

  /** Gives the page a width and a height in CSS pixels. */
  public void resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  /** What the console said since this was last asked: warnings and errors. */
  public List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Addresses of everything that the page has loaded, the page first. */
  public List<String> requests() {
    return ((List<?>)
            script(
                "return performance.getEntriesByType('navigation')"
                    + ".concat(performance.getEntriesByType('resource')).map(e => e.name)"))
        .stream().map(String::valueOf).toList();
  }

  /** Uncompressed bytes of the page and of all that it is made of, without what it asks an API. */
  public long bytes() {
    return ((Number)
            script(
                "return performance.getEntriesByType('navigation')"
                    + ".concat(performance.getEntriesByType('resource'))"
                    + ".filter(e => e.initiatorType !== 'fetch')"
                    + ".reduce((sum, e) => sum + e.decodedBodySize, 0)"))
        .longValue();
  }

  /** Milliseconds from the start of the navigation to the first text or picture. */
  public double firstContentfulPaint() {
    return ((Number)
            script("return performance.getEntriesByName('first-contentful-paint')[0].startTime"))
        .doubleValue();
  }

  /** Runs a script in the page. */
  public Object script(String script, Object... arguments) {
    return ((JavascriptExecutor) driver).executeScript(script, arguments);
  }

  /** The one element that a CSS selector finds. */
  public WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /** All that a CSS selector finds. */
  public List<WebElement> findAll(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** What a reader sees of an element. */
  public String text(String selector) {
    return find(selector).getText();
  }

  /** Sends keys to whatever has the focus. */
  public void press(CharSequence... keys) {
    focused().sendKeys(keys);
  }

  /** The element that has the focus. */
  public WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** What axe-core finds wrong at its impacts serious and critical, one line each. */
  public List<String> seriousViolations() {
    script(axe());
    Object found =
        driver.executeAsyncScript(
            "const done = arguments[arguments.length - 1];"
                + "axe.run().then(result => done(result.violations"
                + ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', '))),"
                + " problem => done([String(problem)]));");
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    driver.quit();
  }

  /** What a reader prefers. */
  public enum Scheme {
    LIGHT,
    DARK
  }
}
