/**
 * On every answer. The page runs only scripts of its own files and the one import map; whatever a machine's host name says,
 * there is no way from text to code.
 */
export function securityHeaders(inlineScript: string): Readonly<Record<string, string>> {
  const policy = {
    'default-src': "'none'",
    'script-src': `'self' ${inlineScript}`,
    'style-src': "'self'",
    'connect-src': "'self'",
    'img-src': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
  };
  return {
    'content-security-policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  };
}
