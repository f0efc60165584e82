package io.nfspawn.transport.core;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.nfspawn.transport.Member;
import io.nfspawn.transport.Membership;
import io.nfspawn.transport.MembershipException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code members.json} and {@code address.json} of one member. Read as a stream: binding JSON to
 * classes would cost a short task more than the rest of its start.
 */
final class MembersFile {
  static final String ADDRESS_FILE = "address.json";
  private static final String VARIABLE = "SPAWN_MEMBERS";
  private static final JsonFactory JSON = new JsonFactory();

  private final Membership membership;

  MembersFile(Membership membership) {
    this.membership = membership;
  }

  /**
   * The members, by rank.
   *
   * @throws MembershipException when the file is absent, broken or of another gang or epoch
   */
  List<Member> read() {
    Path file = membership.membersFile();
    try (JsonParser in = JSON.createParser(Files.readAllBytes(file))) {
      return checked(parse(in));
    } catch (JsonProcessingException e) {
      throw broken("is no valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw broken("cannot be read (" + e + ")");
    }
  }

  /** Announces where this member listens. */
  void publish(String wire, String endpoint) {
    Path target = membership.membersFile().resolveSibling(ADDRESS_FILE);
    Path temporary = target.resolveSibling("." + ADDRESS_FILE + ".part");
    try {
      String text = "{\"" + wire + "\":\"" + endpoint + "\"}\n";
      Files.writeString(temporary, text, StandardCharsets.UTF_8);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new MembershipException(
          VARIABLE, "cannot publish this member's address in " + target + " (" + e + ")");
    }
  }

  private record Content(String gang, int epoch, List<Member> members) {}

  private List<Member> checked(Content content) {
    if (!content.gang.equals(membership.gang())) {
      throw broken("is of gang '" + content.gang + "', this is '" + membership.gang() + "'");
    }
    if (content.epoch != membership.epoch()) {
      throw broken("is of epoch " + content.epoch + ", this is epoch " + membership.epoch());
    }
    List<Member> members = new ArrayList<>(content.members);
    members.sort(Comparator.comparingInt(Member::rank));
    if (members.size() != membership.size()) {
      throw broken("lists " + members.size() + " members, SPAWN_SIZE is " + membership.size());
    }
    for (int rank = 0; rank < members.size(); rank++) {
      if (members.get(rank).rank() != rank) {
        throw broken("has no rank " + rank);
      }
    }
    return List.copyOf(members);
  }

  private MembershipException broken(String what) {
    return new MembershipException(
        VARIABLE, membership.membersFile() + " " + what + "; its agent writes it, do not edit it");
  }

  private Content parse(JsonParser in) throws IOException {
    String gang = "";
    int epoch = membership.epoch();
    List<Member> members = new ArrayList<>();
    require(in.nextToken() == JsonToken.START_OBJECT, "an object");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "gang" -> gang = in.getText();
        case "epoch" -> epoch = in.getIntValue();
        case "members" -> {
          require(in.currentToken() == JsonToken.START_ARRAY, "a list of members");
          while (in.nextToken() == JsonToken.START_OBJECT) {
            members.add(member(in, epoch));
          }
        }
        default -> in.skipChildren();
      }
    }
    return new Content(gang, epoch, members);
  }

  private Member member(JsonParser in, int fileEpoch) throws IOException {
    int rank = -1;
    int epoch = fileEpoch;
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, String> endpoints = new LinkedHashMap<>();
    List<String> wires = new ArrayList<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String field = in.currentName();
      in.nextToken();
      switch (field) {
        case "rank" -> rank = in.getIntValue();
        case "epoch" -> epoch = in.getIntValue();
        case "role", "host", "zone" -> texts.put(field, in.getText());
        case "wires" -> {
          while (in.nextToken() == JsonToken.VALUE_STRING) {
            wires.add(in.getText());
          }
        }
        case "endpoints" -> {
          while (in.nextToken() == JsonToken.FIELD_NAME) {
            String wire = in.currentName();
            in.nextToken();
            endpoints.put(wire, in.getText());
          }
        }
        default -> in.skipChildren();
      }
    }
    require(texts.containsKey("host"), "a host for rank " + rank);
    return new Member(
        rank,
        texts.getOrDefault("role", ""),
        texts.getOrDefault("host", ""),
        texts.getOrDefault("zone", ""),
        epoch,
        wires,
        endpoints);
  }

  private void require(boolean holds, String expected) {
    if (!holds) {
      throw broken("should hold " + expected);
    }
  }
}
