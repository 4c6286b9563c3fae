/** A proposed configuration beside the running one and beside what really happened, for people and for machines. */
@PureCore
@NullMarked
package io.tandemmail.standalone.whatif.report;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
