package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.access.SavedSearches.SavedSearch;

class SavedSearchesTest {

  @TempDir private Path folder;
  private StateDatabase database;
  private SavedSearches searches;

  @BeforeEach
  void open() throws Exception {
    database = StateDatabase.open(folder.resolve("state.db"));
    searches = SavedSearches.of(database);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  @Test
  void eachUserHasTheirOwn() throws Exception {
    SavedSearch bills = new SavedSearch("Bills ü", "invoice OR \"annual report\"");
    assertThat(searches.put("alice", bills)).isTrue();
    assertThat(searches.put("bob", new SavedSearch("Bills ü", "x"))).isTrue();
    assertThat(searches.all("alice")).containsExactly(bills);
    assertThat(searches.find("alice", "Bills ü")).contains(bills);
    assertThat(searches.remove("bob", "Bills ü")).isTrue();
    assertThat(searches.remove("bob", "Bills ü")).isFalse();
    assertThat(searches.find("alice", "Bills ü")).contains(bills);
    assertThat(searches.find("alice", "bills ü")).isEmpty();
  }

  @Test
  void thereIsAMostAndWhatIsThereCanStillBeChanged() throws Exception {
    for (int i = 0; i < SavedSearches.MAX_SEARCHES; i++) {
      searches.put("alice", new SavedSearch("s" + i, "x"));
    }
    assertThatThrownBy(() -> searches.put("alice", new SavedSearch("more", "x")))
        .isInstanceOf(AccessException.class);
    assertThat(searches.put("alice", new SavedSearch("s7", "y"))).isFalse();
    assertThat(searches.find("alice", "s7")).contains(new SavedSearch("s7", "y"));
    assertThat(searches.all("alice")).hasSize(SavedSearches.MAX_SEARCHES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " a", "a ", "a/b", ".", "..", "a\nb", "\u202Ea", "\uD800"})
  void whatIsNoNameIsRefused(String name) {
    assertThat(SavedSearches.isName(name)).isFalse();
    assertThatThrownBy(() -> searches.put("alice", new SavedSearch(name, "x")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
