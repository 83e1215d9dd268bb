package org.muniment.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.indexer.search.Facet;
import org.muniment.indexer.search.FacetCounts;
import org.muniment.indexer.search.Passage;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Snippet;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.Installation;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.SearchPage;
import org.muniment.server.view.SearchRequest;

/// Full-text search in everything that is archived.
final class SearchCommand implements Command {

  private static final User OPERATOR = new User("operator", Role.AUDITOR);
  private static final int PAGE = 100;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String summary() {
    return "finds messages";
  }

  @Override
  public List<String> options() {
    return List.of("--json", "--sort ORDER", "--zone ZONE", "--facets NAMES", "--snippets");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment search QUERY [--json] [--sort ORDER] [--zone ZONE]
                                             [--facets NAMES] [--snippets]

        Finds messages of all accounts, one a line: id, date, from, subject. The query language is that
        of REST, docs/search.md: words, "phrases", AND OR NOT, from: to: subject: after: before: and
        more; an empty query matches everything. Quote the query for the shell.

        --json          one object: total, facets, hits
        --sort ORDER    date (newest first, if nothing is said), oldest, relevance
        --zone ZONE     where the calendar of the query is kept, such as Europe/Berlin; UTC if nothing is
                        said
        --facets NAMES  also counts all hits by these, of: sender, domain, month, account, mailbox, type,
                        language; separated by commas
        --snippets      also shows the text around the words; reads each message

        example: scripts/muniment search 'from:alice invoice on:2024' --facets month,type
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    if (arguments.words().isEmpty()) {
      throw new UsageException("QUERY is missing; '' matches everything");
    }
    SearchRequest request = request(arguments);
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      ReadModel model =
          installation
              .readModels(installation.openSearchIndex(), installation.everything())
              .of(OPERATOR);
      if (arguments.has("--json")) {
        json(model, request, console);
      } else {
        lines(model, request, console);
      }
      return ExitCode.DONE;
    } catch (QuerySyntaxException e) {
      throw new UsageException("the query is not understood: " + e.getMessage());
    }
  }

  private static SearchRequest request(Arguments arguments) throws UsageException {
    return new SearchRequest(
        String.join(" ", arguments.words()),
        PAGE,
        null,
        named("--sort", arguments.value("--sort").orElse("date"), SearchRequest.Sort.class),
        zone(arguments.value("--zone").orElse("UTC")),
        facets(arguments.value("--facets").orElse("")),
        arguments.has("--snippets"));
  }

  private static Set<Facet> facets(String names) throws UsageException {
    Set<Facet> facets = EnumSet.noneOf(Facet.class);
    if (!names.isEmpty()) {
      for (String name : names.split(",", -1)) {
        facets.add(named("--facets", name, Facet.class));
      }
    }
    return facets;
  }

  private static <E extends Enum<E>> E named(String option, String name, Class<E> type)
      throws UsageException {
    for (E constant : type.getEnumConstants()) {
      if (lower(constant).equals(name)) {
        return constant;
      }
    }
    String all =
        Arrays.stream(type.getEnumConstants())
            .map(SearchCommand::lower)
            .collect(Collectors.joining(", "));
    throw new UsageException(option + " knows " + all + "; not \"" + name + "\"");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ZoneId zone(String name) throws UsageException {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new UsageException("--zone wants a time zone such as Europe/Berlin or +02:00");
    }
  }

  private static void lines(ReadModel model, SearchRequest request, Console console)
      throws Exception {
    SearchPage page = model.search(request);
    console.err().println("%,d messages%s".formatted(page.total(), lag(page)));
    page.facets().forEach(facet -> facet(facet, console));
    while (true) {
      for (SearchPage.Hit hit : page.hits()) {
        console.out().println(line(hit));
        hit.snippets().forEach(snippet -> console.out().println("    " + line(snippet)));
      }
      if (page.next() == null) {
        return;
      }
      page = model.search(following(request, page.next()));
    }
  }

  private static String lag(SearchPage page) {
    String entries =
        page.lag() == 0 ? "" : "; %,d log entries are not yet searchable".formatted(page.lag());
    String attachments =
        page.pending() == 0
            ? ""
            : "; the attachments of %,d messages are not read yet".formatted(page.pending());
    return entries + attachments;
  }

  private static void facet(FacetCounts facet, Console console) {
    console.err().println(lower(facet.facet()) + ":");
    facet
        .counts()
        .forEach(
            count ->
                console.err().println("%,9d  %s".formatted(count.hits(), plain(count.label()))));
    if (facet.other() > 0) {
      console.err().println("%,9d  of others".formatted(facet.other()));
    }
  }

  /// Pages after the first, which has counted all hits.
  private static SearchRequest following(SearchRequest request, String cursor) {
    return new SearchRequest(
        request.query(),
        request.limit(),
        cursor,
        request.sort(),
        request.zone(),
        Set.of(),
        request.snippets());
  }

  private static void json(ReadModel model, SearchRequest request, Console console)
      throws Exception {
    SearchPage page = model.search(request);
    console
        .out()
        .print(
            "{\"total\":"
                + page.total()
                + ",\"indexLag\":"
                + page.lag()
                + ",\"attachmentsPending\":"
                + page.pending());
    if (!page.facets().isEmpty()) {
      console.out().print(",\"facets\":" + MAPPER.writeValueAsString(facets(page.facets())));
    }
    console.out().print(",\"hits\":[");
    String separator = "";
    while (true) {
      for (SearchPage.Hit hit : page.hits()) {
        console.out().print(separator + MAPPER.writeValueAsString(node(hit)));
        separator = ",\n";
      }
      if (page.next() == null) {
        console.out().println("]}");
        return;
      }
      page = model.search(following(request, page.next()));
    }
  }

  private static ArrayNode facets(List<FacetCounts> facets) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (FacetCounts facet : facets) {
      ObjectNode node = array.addObject().put("facet", lower(facet.facet()));
      ArrayNode values = node.putArray("values");
      facet
          .counts()
          .forEach(
              count ->
                  values
                      .addObject()
                      .put("value", count.value())
                      .put("label", count.label())
                      .put("count", count.hits())
                      .put("query", count.query()));
      node.put("other", facet.other());
    }
    return array;
  }

  private static String line(Snippet snippet) {
    String where = snippet.filename().isEmpty() ? "" : snippet.filename() + ": ";
    return plain(
        where
            + snippet.passages().stream().map(Passage::text).collect(Collectors.joining()).strip());
  }

  private static String line(SearchPage.Hit hit) {
    return hit.id() + "  " + hit.date() + "  " + plain(hit.from()) + "  " + plain(hit.subject());
  }

  /// Control characters of a stranger's mail do not reach the terminal.
  static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static ObjectNode node(SearchPage.Hit hit) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", hit.id().toString())
            .put("date", hit.date().toString())
            .put("from", hit.from())
            .put("to", hit.to())
            .put("subject", hit.subject())
            .put("length", hit.length());
    if (!hit.snippets().isEmpty()) {
      node.set("snippets", snippets(hit.snippets()));
    }
    return node;
  }

  private static ArrayNode snippets(List<Snippet> snippets) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Snippet snippet : snippets) {
      ArrayNode passages =
          array
              .addObject()
              .put("part", snippet.part().toString())
              .put("filename", snippet.filename())
              .putArray("passages");
      snippet
          .passages()
          .forEach(
              passage ->
                  passages.addObject().put("text", passage.text()).put("match", passage.match()));
    }
    return array;
  }
}
