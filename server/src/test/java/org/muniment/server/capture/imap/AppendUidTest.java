package org.muniment.server.capture.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;

class AppendUidTest {

  @Test
  void uidsComeInTheOrderOfTheCommand() {
    AppendUid read = Objects.requireNonNull(AppendUid.read("[appenduid 7 5,9:11] done", 4));
    assertThat(read.uidValidity()).isEqualTo(new UidValidity(7));
    assertThat(read.uids()).containsExactly(new Uid(5), new Uid(9), new Uid(10), new Uid(11));
  }

  @Test
  void anotherNumberOfUidsOrAnythingElseSaysNothing() {
    assertThat(
            Stream.of(
                "",
                "done",
                "[APPENDUID 7 5:6] done",
                "[APPENDUID 7 5,6,7,8] done",
                "[APPENDUID 7 5:4294967295] done",
                "[APPENDUID 7 7:5] done",
                "[APPENDUID 7 5,,6] done",
                "[APPENDUID 0 5:7] done",
                "[APPENDUID 7] done",
                "[APPENDUID 7 5:99999999999] done",
                "[APPENDUID 7 5:7"))
        .allMatch(words -> AppendUid.read(words, 3) == null);
  }
}
