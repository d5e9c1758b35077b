package io.dimee.k8s.manifests;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;

/** What can be applied. */
enum Overlay {
  DEV("dev"),
  PRODUCTION("production"),
  PRODUCTION_HPA("production-hpa");

  private final String name;

  Overlay(String name) {
    this.name = name;
  }

  Path folder() {
    return Path.of("overlays", name);
  }

  List<ObjectNode> render() {
    return Kustomize.render(folder());
  }
}
