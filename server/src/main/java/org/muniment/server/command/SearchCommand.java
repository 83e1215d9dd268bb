package org.muniment.server.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.search.QuerySyntaxException;
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

  @Override
  public String name() {
    return "search";
  }

  @Override
  public String summary() {
    return "finds messages, newest first";
  }

  @Override
  public List<String> options() {
    return List.of("--json");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment search QUERY [--json]

        Finds messages of all accounts, newest first, one a line: id, date, from, subject. The query
        language is that of REST: words, "phrases", AND OR NOT, from: to: subject: after: before: and
        more; an empty query matches everything. Quote the query for the shell.

        --json  one object: total, hits

        example: scripts/muniment search 'from:alice invoice after:2024-01-01'
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    String query = String.join(" ", arguments.words());
    if (arguments.words().isEmpty()) {
      throw new UsageException("QUERY is missing; '' matches everything");
    }
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      ReadModel model =
          installation
              .readModels(installation.openSearchIndex(), installation.everything())
              .of(OPERATOR);
      if (arguments.has("--json")) {
        json(model, query, console);
      } else {
        lines(model, query, console);
      }
      return ExitCode.DONE;
    } catch (QuerySyntaxException e) {
      throw new UsageException("the query is not understood: " + e.getMessage());
    }
  }

  private static void lines(ReadModel model, String query, Console console) throws Exception {
    SearchPage page = page(model, query, null);
    console.err().println("%,d messages".formatted(page.total()));
    while (true) {
      page.hits().forEach(hit -> console.out().println(line(hit)));
      if (page.next() == null) {
        return;
      }
      page = page(model, query, page.next());
    }
  }

  private static void json(ReadModel model, String query, Console console) throws Exception {
    SearchPage page = page(model, query, null);
    console.out().print("{\"total\":" + page.total() + ",\"hits\":[");
    String separator = "";
    while (true) {
      for (SearchPage.Hit hit : page.hits()) {
        console.out().print(separator + new ObjectMapper().writeValueAsString(node(hit)));
        separator = ",\n";
      }
      if (page.next() == null) {
        console.out().println("]}");
        return;
      }
      page = page(model, query, page.next());
    }
  }

  private static SearchPage page(ReadModel model, String query, @Nullable String cursor)
      throws Exception {
    return model.search(new SearchRequest(query, PAGE, cursor, SearchRequest.Sort.DATE));
  }

  private static String line(SearchPage.Hit hit) {
    return hit.id() + "  " + hit.date() + "  " + plain(hit.from()) + "  " + plain(hit.subject());
  }

  /// Control characters of a stranger's mail do not reach the terminal.
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static ObjectNode node(SearchPage.Hit hit) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", hit.id().toString())
        .put("date", hit.date().toString())
        .put("from", hit.from())
        .put("to", hit.to())
        .put("subject", hit.subject())
        .put("length", hit.length());
  }
}
