/// Starts work at the times of a cron expression, with Quartz. Knows nothing of what is started.
@NullMarked
package org.muniment.server.schedule;

import org.jspecify.annotations.NullMarked;
