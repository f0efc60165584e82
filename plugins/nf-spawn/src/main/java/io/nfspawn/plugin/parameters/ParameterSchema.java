package io.nfspawn.plugin.parameters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The parameters a pipeline knows, as its {@code nextflow_schema.json} describes them (JSON Schema
 * 2020-12, groups under {@code $defs} as nf-core writes them). Immutable and thread-safe.
 */
public final class ParameterSchema {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final List<String> FOR_PEOPLE =
      List.of("help_text", "errorMessage", "fa_icon", "hidden", "mimetype");

  private final JsonSchema schema;
  private final Map<String, JsonNode> known;
  private final JsonNode groups;

  private ParameterSchema(JsonNode document) {
    this.schema = dialect().getSchema(document);
    this.known = propertiesIn(document);
    this.groups = document.path("$defs");
  }

  /** JSON Schema 2020-12 with what nf-core adds for people to read, which limits nothing. */
  private static JsonSchemaFactory dialect() {
    JsonMetaSchema.Builder keywords = JsonMetaSchema.builder(JsonMetaSchema.getV202012());
    FOR_PEOPLE.forEach(name -> keywords.keyword(new NonValidationKeyword(name)));
    JsonSchemaFactory standard = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    return JsonSchemaFactory.builder(standard).metaSchema(keywords.build()).build();
  }

  /**
   * @throws UncheckedIOException when the file cannot be read or is not JSON
   */
  public static ParameterSchema read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return new ParameterSchema(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the parameter schema %s".formatted(file), e);
    }
  }

  /**
   * Everything that is wrong with the given parameters, one line each, unknown names first; empty
   * when all is well. Parameters without a value ({@code null}) count as not given.
   *
   * @param typed whether a name was given for this run, on its command line or in its parameter
   *     file; an unknown name that merely stands in some configuration is not the user's mistake
   */
  public List<String> problems(Map<String, ?> parameters, Predicate<String> typed) {
    ObjectNode given = JSON.createObjectNode();
    List<String> problems = new ArrayList<>();
    new TreeMap<>(parameters)
        .forEach(
            (name, value) -> {
              if (known.containsKey(name)) {
                if (value != null) {
                  given.set(name, JSON.valueToTree(plain(value)));
                }
              } else if (typed.test(name) && !isCamelAlias(name, parameters)) {
                problems.add(unknown(name));
              }
            });
    schema.validate(given).stream()
        .map(message -> line(message, given))
        .sorted()
        .forEach(problems::add);
    return problems;
  }

  /** Every parameter with its default and description, group by group, for {@code --help}. */
  public String help() {
    StringBuilder help = new StringBuilder();
    for (JsonNode group : groups) {
      help.append(group.path("title").asText()).append('\n');
      group.path("properties").properties().forEach(e -> help.append(line(e)));
    }
    return help.toString();
  }

  private static String line(Map.Entry<String, JsonNode> parameter) {
    JsonNode options = parameter.getValue();
    String preset = options.path("default").asText("");
    return "  --%-17s %s%s%n"
        .formatted(
            parameter.getKey(),
            options.path("description").asText(),
            preset.isEmpty() ? "" : " [%s]".formatted(preset));
  }

  private String unknown(String name) {
    String nearest =
        NearestName.of(name, known.keySet())
            .map(n -> "; did you mean --%s?".formatted(n))
            .orElse("");
    return "--%s is not a parameter of this pipeline%s".formatted(name, nearest);
  }

  private String line(ValidationMessage message, JsonNode given) {
    if (message.getType().equals("dependentRequired")) {
      return "--%s needs --%s as well"
          .formatted(message.getArguments()[1], message.getArguments()[0]);
    }
    String name =
        message.getInstanceLocation().getNameCount() > 0
            ? message.getInstanceLocation().getName(0)
            : message.getProperty();
    String value = given.path(name).asText();
    // nf-schema's keyword for a text of one's own
    JsonNode own =
        Optional.ofNullable(known.get(name))
            .map(p -> p.path("errorMessage"))
            .orElse(MissingNode.getInstance());
    return "--%s %s: %s".formatted(name, value, own.asText(message.getError()));
  }

  /**
   * Nextflow enters {@code --chunk-span} twice, the second time as {@code chunkSpan}: one complaint
   * is enough.
   */
  private static boolean isCamelAlias(String name, Map<String, ?> parameters) {
    return parameters.keySet().stream()
        .anyMatch(other -> other.contains("-") && camel(other).equals(name));
  }

  private static String camel(String kebab) {
    StringBuilder camel = new StringBuilder();
    for (String word : kebab.split("-", -1)) {
      camel.append(
          camel.isEmpty() || word.isEmpty()
              ? word
              : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return camel.toString();
  }

  private static Object plain(Object value) {
    return value instanceof Number || value instanceof Boolean ? value : value.toString();
  }

  private static Map<String, JsonNode> propertiesIn(JsonNode document) {
    Map<String, JsonNode> properties = new TreeMap<>();
    document.path("properties").properties().forEach(e -> properties.put(e.getKey(), e.getValue()));
    for (JsonNode group : document.path("$defs")) {
      group.path("properties").properties().forEach(e -> properties.put(e.getKey(), e.getValue()));
    }
    return properties;
  }
}
