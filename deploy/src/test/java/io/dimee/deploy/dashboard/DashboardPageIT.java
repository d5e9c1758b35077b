package io.dimee.deploy.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a browser, with a backend that says what a test wants. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardPageIT {
  private static final int MOST_BYTES = 300_000;
  private static final String EVIL = "<img src=x onerror=\"document.title='run'\">";
  private static final String FIRST_ROW = "#recent tbody:first-of-type .opener";

  @TempDir static Path profile;
  private Browser browser;
  private StubBackend backend;

  @BeforeAll
  void startBrowser() {
    Optional<Browser> started = Browser.start(profile);
    assumeTrue(started.isPresent(), "skipped, this test wants " + Browser.WANTED);
    browser = started.get();
  }

  @BeforeEach
  void startBackend() {
    backend = new StubBackend();
    backend.setState(StubBackend.fixture("state.json"));
    browser.prefer(Browser.Scheme.LIGHT);
    browser.resize(1440, 1000);
  }

  @AfterEach
  void stopBackend() {
    backend.close();
  }

  @AfterAll
  void stopBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private void open() {
    browser.open(backend.url());
    eventually(() -> assertThat(browser.text("#updated")).startsWith("as of"));
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(Duration.ofSeconds(30)).ignoreExceptions().untilAsserted(assertion);
  }

  /** The state with one more answer, the newest of its last predictions. */
  private static ObjectNode after(ObjectNode state, String id) {
    ObjectNode next = state.deepCopy();
    ObjectNode totals = (ObjectNode) next.get("totals");
    totals.put("answered", totals.get("answered").longValue() + 1);
    ObjectNode prediction = next.get("recent").get(0).deepCopy();
    prediction.put("id", id);
    ((ArrayNode) next.get("recent")).insert(0, prediction);
    return next;
  }

  @Test
  void shouldShowTheStateWithoutErrorsOrForeignRequests() {
    // When
    open();

    // Then
    assertThat(browser.text("#headline"))
        .contains("1,200", "61 % saved", "6.62 per event, not 17.00", "88.1 %", "38 ms", "watch");
    assertThat(browser.text("#flow"))
        .contains("48 % answered", "38 % answered", "14 % answered", "12 spilled past the edge");
    assertThat(browser.findAll("#charts canvas")).hasSize(3);
    assertThat(browser.findAll("#exits tbody tr")).hasSize(12);
    assertThat(browser.text("#drift")).contains("watch", "shifted: look at it", "0.170");
    assertThat(browser.text("#dead-letters"))
        .contains("blank text", "dimee.events 0@17", "never written");
    assertThat(browser.requests()).allMatch(url -> url.startsWith(backend.url()));
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldBeSmall() {
    // When
    open();

    // Then
    long bytes = browser.bytes();
    System.out.printf(
        "page: %,d bytes, first contentful paint after %.0f ms%n",
        bytes, browser.firstContentfulPaint());
    assertThat(bytes).isBetween(50_000L, (long) MOST_BYTES);
  }

  @Test
  void shouldWaitForTheFirstPrediction() {
    // Given
    backend.setState(StubBackend.fixture("empty-state.json"));

    // When
    open();

    // Then
    assertThat(browser.text("#waiting")).contains("Waiting for the first prediction");
    assertThat(browser.text("main")).doesNotContain("NaN", "undefined", "null", "Infinity");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldBearAStateThatSaysNothing() {
    // Given
    backend.setState(JsonNodeFactory.instance.objectNode().put("now", 1764120000000L));

    // When
    open();

    // Then
    assertThat(browser.text("main")).doesNotContain("NaN", "undefined", "null", "Infinity");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldAskByKeyboardAloneAndDrawTheWay() {
    // Given
    backend.setAnswer(200, StubBackend.fixture("answer.json"));
    open();

    // When
    tabTo("ask-text");
    browser.press("A film that earns its tears.", Keys.ENTER);

    // Then
    eventually(() -> assertThat(browser.text("#ask-answer")).contains("confident", "edge tier"));
    assertThat(backend.asked().get("text").textValue()).isEqualTo("A film that earns its tears.");
    assertThat(backend.asked().get("text_pair").isNull()).isTrue();
    assertThat(browser.findAll("#ask-way .stop")).hasSize(4);
    assertThat(browser.text("#ask-way"))
        .contains("nearest", "layers 1 to 3", "Hidden state of", "answers", "in the cloud alone");
    assertThat(browser.find("#ask-answer").getAriaRole()).isEqualTo("status");
    assertThat(browser.focused().getAttribute("id")).isEqualTo("ask-text");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldDrawAnAnswerFromWordsAloneAmongManyClasses() {
    // Given one of 150 classes, answered by the router
    ObjectNode answer = StubBackend.fixture("answer.json").deepCopy();
    ObjectNode prediction = (ObjectNode) answer.get("prediction");
    prediction.put("exit_depth", 0).put("layers_run", 0).put("tier", "mobile");
    ArrayNode probabilities = prediction.putArray("probabilities");
    for (int label = 0; label < 150; label++) {
      probabilities.add(label == 1 ? 0.9 : 0.1 / 149);
    }
    ObjectNode hop = prediction.putArray("hops").addObject();
    hop.put("tier", "mobile").put("from_depth", 0).put("to_depth", 0).put("layers_run", 0);
    hop.put("compute_ms", 0.04).put("compute_cost", 0.05).put("offload_cost", 0);
    hop.putArray("exits").addObject().put("depth", 0).put("label", 1).put("confidence", 0.9);
    backend.setAnswer(200, answer);
    open();

    // When
    tabTo("ask-text");
    browser.press("A film that earns its tears.", Keys.ENTER);

    // Then its way is short, and so is the list of classes
    eventually(() -> assertThat(browser.findAll("#ask-way .stop")).hasSize(3));
    assertThat(browser.text("#ask-way"))
        .contains("Exit 0", "words alone, no layer", "and 144 less probable classes");
    assertThat(browser.findAll("#ask-way .stop.answer .readings li")).hasSize(6);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldAskATaskOfTwoTexts() {
    // Given
    backend.setAnswer(200, StubBackend.fixture("answer.json"));
    open();

    // When
    tabTo("ask-text");
    // the second text is folded away
    browser.press("It rains.", Keys.TAB, Keys.ENTER, Keys.TAB);
    browser.press("The street is wet.", Keys.TAB);
    browser.press(Keys.ENTER);

    // Then
    eventually(() -> assertThat(browser.findAll("#ask-way .stop")).hasSize(4));
    assertThat(backend.asked().get("text_pair").textValue()).isEqualTo("The street is wet.");
  }

  @Test
  void shouldSayWhyThereIsNoAnswer() {
    // Given
    open();
    ObjectNode letter = JsonNodeFactory.instance.objectNode();
    letter.set("dead_letter", StubBackend.fixture("state.json").get("dead_letters").get(1));

    // When
    tabTo("ask-text");
    browser.press(Keys.ENTER);

    // Then
    assertThat(browser.text("#ask-answer")).isEqualTo("Type a text first.");

    // When
    backend.setAnswer(200, letter);
    browser.press("?", Keys.ENTER);

    // Then
    eventually(() -> assertThat(browser.text("#ask-answer")).contains("dead letter", "blank text"));

    // When
    backend.setAnswer(504, JsonNodeFactory.instance.objectNode().put("error", "none in 30 s"));
    browser.press("?", Keys.ENTER);

    // Then
    eventually(
        () -> assertThat(browser.text("#ask-answer")).isEqualTo("Not answered: none in 30 s."));
  }

  @Test
  void shouldOfferNoBoxWhenReadOnly() {
    // Given
    ObjectNode state = StubBackend.fixture("state.json");
    ((ObjectNode) state.get("pipeline")).put("read_only", true).put("problem", "the edge failed");
    backend.setState(state);

    // When
    open();

    // Then
    assertThat(browser.find("#ask").isDisplayed()).isFalse();
    assertThat(browser.text("#ask-closed")).contains("read-only");
    assertThat(browser.text("#problem")).contains("the edge failed");
  }

  @Test
  void shouldKeepAnOpenedRowAndTheFocusThroughUpdates() {
    // Given
    ObjectNode state = StubBackend.fixture("state.json");
    open();
    WebElement row = browser.find(FIRST_ROW);
    String id = row.getText();
    browser.script("arguments[0].focus({preventScroll: true})", row);

    // When
    browser.press(Keys.ENTER);
    backend.setState(after(state, "newer"));

    // Then
    eventually(
        () -> assertThat(browser.text("#recent-note")).isEqualTo("Held while you read: 1 newer."));
    assertThat(browser.focused()).isEqualTo(row);
    assertThat(row.getAttribute("aria-expanded")).isEqualTo("true");
    assertThat(browser.text("#" + row.getAttribute("aria-controls"))).contains("Router", "Answer");
    assertThat(browser.text(FIRST_ROW)).isEqualTo(id);

    // When
    browser.find("#recent-newest").click();

    // Then
    eventually(() -> assertThat(browser.text(FIRST_ROW)).isEqualTo("newer"));
    assertThat(browser.findAll("#recent [aria-expanded=true]")).isEmpty();
  }

  @Test
  void shouldTakeNewPredictionsInAboveTheOthers() {
    // Given
    ObjectNode state = StubBackend.fixture("state.json");
    open();
    WebElement row = browser.find(FIRST_ROW);

    // When
    backend.setState(after(state, "newer"));

    // Then
    eventually(() -> assertThat(browser.text(FIRST_ROW)).isEqualTo("newer"));
    assertThat(row.isDisplayed()).isTrue();
  }

  @Test
  void shouldSayThatTheBackendIsGoneAndRecover() {
    // Given
    open();

    // When
    backend.down();

    // Then
    eventually(
        () ->
            assertThat(browser.text("#connection"))
                .matches("No answer from the dashboard’s process since \\d\\d:\\d\\d:\\d\\d\\..*"));
    assertThat(browser.text("#headline")).contains("1,200");

    // When
    backend.setState(after(StubBackend.fixture("state.json"), "newer"));
    backend.up();

    // Then
    eventually(() -> assertThat(browser.text("#headline")).contains("1,201"));
    assertThat(browser.text("#connection")).isEmpty();
    // The browser itself notes every request that failed; the page must add nothing to that.
    assertThat(browser.console())
        .allMatch(line -> line.contains("Failed to load resource") || line.contains("net::ERR_"));
  }

  @Test
  void shouldShowMarkupOfUsersAsText() {
    // Given
    ObjectNode state = StubBackend.fixture("state.json");
    ObjectNode prediction = (ObjectNode) state.get("recent").get(0);
    prediction.put("id", EVIL).put("label_name", EVIL).put("pool", EVIL).put("policy", EVIL);
    prediction.putObject("attributes").put(EVIL, EVIL);
    ObjectNode letter = (ObjectNode) state.get("dead_letters").get(0);
    letter.put("event_id", EVIL).put("message", EVIL).put("reason", EVIL);
    ((ObjectNode) state.get("drift").get(0)).put("feature", EVIL).put("level", EVIL);
    backend.setState(state);
    open();

    // When
    browser.find(FIRST_ROW).click();

    // Then
    assertThat(browser.text("#recent .opened")).contains(EVIL);
    assertThat(browser.text("#dead-letters")).contains(EVIL);
    assertThat(browser.findAll("main img")).isEmpty();
    assertThat(browser.script("return document.title")).isEqualTo("DIMEE on Kafka: dashboard");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void shouldStandStillWhenPaused() {
    // Given
    ObjectNode state = StubBackend.fixture("state.json");
    open();

    // When
    browser.find("#pause").click();
    eventually(() -> assertThat(browser.text("#updated")).startsWith("paused"));
    backend.setState(after(state, "newer"));

    // Then
    await()
        .during(Duration.ofSeconds(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> browser.text("#headline").contains("1,200"));

    // When
    browser.find("#pause").click();

    // Then
    eventually(() -> assertThat(browser.text("#headline")).contains("1,201"));
  }

  @Test
  void shouldSayThatAnAnswerIsWithheldAndListAFewOfManyLabels() {
    // Given a prediction without a label, of a bundle with 150 classes
    ObjectNode state = StubBackend.fixture("state.json");
    ObjectNode withheld = (ObjectNode) state.get("recent").get(0);
    withheld.putNull("label").put("label_name", "unknown").put("gold", 0);
    ArrayNode labels = ((ObjectNode) state.get("models").get(0)).putArray("labels");
    for (int label = 0; label < 150; label++) {
      labels.add("class " + label);
    }
    backend.setState(state);

    // When
    open();

    // Then
    assertThat(browser.text("#recent tbody:first-of-type"))
        .contains("unknown", "withheld, class 0");
    assertThat(browser.text("#ask-task"))
        .contains("class 11 and 138 more.")
        .doesNotContain("class 12");
  }

  @Test
  void shouldHaveNoSeriousAccessibilityViolation() {
    haveNoSeriousAccessibilityViolation(Browser.Scheme.LIGHT);
  }

  @Test
  @Tag("nightly")
  void shouldHaveNoSeriousAccessibilityViolationInTheDark() {
    haveNoSeriousAccessibilityViolation(Browser.Scheme.DARK);
  }

  private void haveNoSeriousAccessibilityViolation(Browser.Scheme scheme) {
    // Given
    browser.prefer(scheme);
    backend.setAnswer(200, StubBackend.fixture("answer.json"));
    open();
    tabTo("ask-text");
    browser.press("A film that earns its tears.", Keys.ENTER);
    browser.find(FIRST_ROW).click();
    eventually(() -> assertThat(browser.findAll("#ask-way .stop")).hasSize(4));

    // When
    List<String> violations = browser.seriousViolations();

    // Then
    assertThat(violations).isEmpty();
  }

  @Test
  void shouldNotScrollSidewaysOnAPhone() {
    notScrollSideways(360);
  }

  @ParameterizedTest
  @ValueSource(ints = {768, 1920})
  @Tag("nightly")
  void shouldNotScrollSidewaysOnAnyScreen(int width) {
    notScrollSideways(width);
  }

  private void notScrollSideways(int width) {
    // Given
    browser.resize(width, 900);
    open();

    // When
    browser.find(FIRST_ROW).click();

    // Then
    assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
  }

  private void tabTo(String id) {
    for (int i = 0; i < 20; i++) {
      browser.press(Keys.TAB);
      if (id.equals(browser.focused().getAttribute("id"))) {
        return;
      }
    }
    throw new AssertionError("the Tab key does not reach " + id);
  }
}
