/** What sendmail(8) does to a message on standard input before it is submitted. Pure. */
@PureCore
@NullMarked
package io.tandemmail.standalone.sendmail;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
