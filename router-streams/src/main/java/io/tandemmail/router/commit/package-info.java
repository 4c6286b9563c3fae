/** When a router commits: as often as its brokers can bear, at once when nothing else is under way. */
@NullMarked
package io.tandemmail.router.commit;

import org.jspecify.annotations.NullMarked;
