/** What a reply or a fault means: the only place where a reply code becomes an outcome. */
@PureCore
@NullMarked
package io.tandemmail.worker.policy;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
