package io.dimee.k8s.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** What can be applied, and one with the component that no overlay has. */
enum Overlay {
  DEV("overlays/dev"),
  PRODUCTION("overlays/production"),
  PRODUCTION_HPA("overlays/production-hpa"),
  TRACED("src/test/kustomize/traced");

  private final String folder;

  Overlay(String folder) {
    this.folder = folder;
  }

  Path folder() {
    return Path.of(folder);
  }

  List<ObjectNode> render() {
    return Kustomize.render(folder());
  }
}
