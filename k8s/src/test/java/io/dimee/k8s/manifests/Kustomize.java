package io.dimee.k8s.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Renders an overlay as kustomize does, as far as the overlays of this project go: any other
 * feature is refused. Tests need no kustomize thereby; where there is one, {@code KustomizeTest}
 * compares.
 */
final class Kustomize {
  private static final Set<String> KNOWN =
      Set.of(
          "apiVersion",
          "kind",
          "namespace",
          "resources",
          "components",
          "images",
          "configMapGenerator",
          "patches");

  private final Yaml yaml = new Yaml();
  private final List<ObjectNode> documents = new ArrayList<>();
  private final Map<String, Map<String, String>> generated = new TreeMap<>();
  private final Map<String, JsonNode> options = new HashMap<>();

  private Kustomize() {}

  /** All documents of an overlay. */
  static List<ObjectNode> render(Path folder) {
    Kustomize kustomize = new Kustomize();
    String namespace = kustomize.add(folder.normalize());
    kustomize.finish(namespace);
    return List.copyOf(kustomize.documents);
  }

  /** Returns the namespace that the folder's file names, or null. */
  private String add(Path folder) {
    JsonNode file = yaml.read(folder.resolve("kustomization.yaml")).get(0);
    file.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(folder + ": " + name + " is not supported");
              }
            });
    for (JsonNode resource : file.path("resources")) {
      Path path = folder.resolve(resource.textValue()).normalize();
      if (Files.isDirectory(path)) {
        add(path);
      } else {
        documents.addAll(yaml.read(path));
      }
    }
    file.path("configMapGenerator").forEach(generator -> generate(folder, generator));
    for (JsonNode component : file.path("components")) {
      add(folder.resolve(component.textValue()).normalize());
    }
    file.path("patches").forEach(patch -> patch(folder, patch));
    file.path("images").forEach(this::image);
    return file.path("namespace").textValue();
  }

  private void generate(Path folder, JsonNode generator) {
    String name = generator.required("name").textValue();
    boolean merge = generator.path("behavior").asText("create").equals("merge");
    if (merge != generated.containsKey(name)) {
      throw new IllegalArgumentException("ConfigMap %s: behavior does not fit".formatted(name));
    }
    Map<String, String> data = generated.computeIfAbsent(name, any -> new HashMap<>());
    if (generator.has("options")) {
      options.put(name, generator.path("options"));
    }
    for (JsonNode file : generator.required("files")) {
      Path path = folder.resolve(file.textValue());
      try {
        data.put(path.getFileName().toString(), Files.readString(path));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void patch(Path folder, JsonNode patch) {
    JsonNode target = patch.required("target");
    List<ObjectNode> chosen =
        documents.stream()
            .filter(
                document ->
                    document.path("kind").asText().equals(target.required("kind").textValue())
                        && name(document).matches(target.path("name").asText(".*")))
            .toList();
    if (chosen.isEmpty()) {
      throw new IllegalArgumentException("nothing is patched: " + target);
    }
    try {
      JsonNode operations =
          yaml.value(
              patch.has("path")
                  ? Files.readString(folder.resolve(patch.path("path").textValue()))
                  : patch.required("patch").textValue());
      chosen.forEach(document -> JsonPatch.apply(operations, document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void image(JsonNode image) {
    String name = image.required("name").textValue();
    String to = image.path("newName").asText(name) + ":" + image.required("newTag").asText();
    containers()
        .filter(container -> container.path("image").asText().equals(name))
        .forEach(container -> container.put("image", to));
  }

  private Stream<ObjectNode> containers() {
    return documents.stream()
        .map(document -> document.at("/spec/template/spec"))
        .flatMap(pod -> Stream.of(pod.path("initContainers"), pod.path("containers")))
        .flatMap(list -> Stream.iterate(0, i -> i < list.size(), i -> i + 1).map(list::get))
        .map(ObjectNode.class::cast);
  }

  private static String name(JsonNode document) {
    return document.at("/metadata/name").asText();
  }

  private JsonNode option(String name, String option) {
    return options.getOrDefault(name, MissingNode.getInstance()).path(option);
  }

  private void finish(String namespace) {
    Map<String, String> names = new HashMap<>();
    generated.forEach(
        (name, data) ->
            names.put(
                name,
                option(name, "disableNameSuffixHash").asBoolean()
                    ? name
                    : name + "-" + ConfigMapHash.of(data)));
    for (ObjectNode document : documents) {
      for (JsonNode volume : document.at("/spec/template/spec/volumes")) {
        if (volume.path("configMap") instanceof ObjectNode map) {
          String name = map.path("name").asText();
          map.put("name", names.getOrDefault(name, name));
        }
      }
    }
    generated.forEach(
        (name, data) -> {
          ObjectNode map = documents.get(0).objectNode();
          map.put("apiVersion", "v1").put("kind", "ConfigMap");
          ObjectNode metadata = map.putObject("metadata").put("name", names.get(name));
          if (option(name, "labels") instanceof ObjectNode labels) {
            metadata.set("labels", labels);
          }
          ObjectNode entries = map.putObject("data");
          data.forEach(entries::put);
          documents.add(map);
        });
    if (namespace != null) {
      documents.stream()
          .filter(document -> !document.path("kind").asText().equals("Namespace"))
          .forEach(
              document -> ((ObjectNode) document.path("metadata")).put("namespace", namespace));
    }
  }
}
