/** Which services run, where they answer, which configuration they run ({@code mail.services}). */
@PureCore
@NullMarked
package io.tandemmail.model.service;

import io.tandemmail.model.PureCore;
import org.jspecify.annotations.NullMarked;
