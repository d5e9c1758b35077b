package io.dimee.deploy.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LinksTest {
  private static final Map<Path, Page> PAGES =
      Page.all().stream().collect(Collectors.toMap(Page::file, Function.identity()));

  static List<Page> pages() {
    return PAGES.values().stream().toList();
  }

  /** Those that lead nowhere. Other sites are not asked. */
  private static List<String> broken(Page page) {
    return page.links().stream()
        .filter(link -> !URI.create(link).isAbsolute())
        .filter(link -> !leadsSomewhere(page, URI.create(link)))
        .toList();
  }

  private static boolean leadsSomewhere(Page page, URI link) {
    Path target =
        link.getPath().isEmpty()
            ? page.file()
            : page.file().resolveSibling(link.getPath()).normalize();
    if (target.isAbsolute() || target.startsWith("..")) {
      return false;
    }
    return link.getFragment() == null
        ? Files.exists(Page.ROOT.resolve(target))
        : PAGES.containsKey(target) && anchors(page, target).contains(link.getFragment());
  }

  /** A page that is not in the repository, as in a test, has its own. */
  private static Set<String> anchors(Page page, Path target) {
    return target.equals(page.file()) ? page.anchors() : PAGES.get(target).anchors();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void shouldLeadSomewhere(Page page) {
    assertThat(broken(page)).as("links of %s that lead nowhere", page).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "CHANGELOG.md, true",
    "docs, true",
    "#two-words-and-code, true",
    "#a-heading-1, true",
    "docs/operations.md#dimeetargetdown, true",
    "https://no.such.host/page#anchor, true",
    "NO-SUCH-PAGE.md, false",
    "#no-such-heading, false",
    "docs/operations.md#no-such-alert, false",
    "../elsewhere, false",
    "/docs, false"
  })
  void shouldTellWhichLinksAreBroken(String link, boolean isFine) {
    Page page =
        Page.parse(
            Path.of("README.md"),
            "# Two words, and `code`\n# A heading\n# A heading\n| a | [text](%s) |\n"
                .formatted(link));

    assertThat(broken(page).isEmpty()).isEqualTo(isFine);
  }

  /** Who looks for a page begins at the index. */
  @Test
  void shouldLeadFromTheIndexToEveryPage() {
    Page index = PAGES.get(Path.of("docs/README.md"));

    assertThat(
            index.links().stream().map(link -> Path.of("docs").resolve(URI.create(link).getPath())))
        .containsAll(
            PAGES.keySet().stream()
                .filter(file -> file.startsWith("docs") && !file.equals(index.file()))
                .toList());
  }
}
