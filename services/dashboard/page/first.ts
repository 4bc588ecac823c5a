// Runs before anything is drawn. Not a module: those run later, and one that is missing runs none.
{
  // A page that was made dark never flashes white.
  const chosen = localStorage.getItem('smee-theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;

  // Chromium drops what it is fetching when an interface of its host comes or goes, as on a provisioner they do all day. One
  // lost module leaves the page empty: it is loaded anew, a few times, and more slowly each time.
  const key = 'smee-lost';
  const most = 6;
  addEventListener(
    'error',
    ({ target }) => {
      const isOurs =
        target instanceof HTMLScriptElement ||
        (target instanceof HTMLLinkElement && target.rel === 'stylesheet');
      const lost = Number(sessionStorage.getItem(key)) + 1;
      if (!isOurs || lost > most) return;
      sessionStorage.setItem(key, String(lost));
      setTimeout(() => location.reload(), 250 * lost);
    },
    true,
  );
  addEventListener('load', () => {
    // Drawn: the next time counts from the beginning.
    if (document.getElementById('page')?.hasChildNodes()) sessionStorage.removeItem(key);
  });
}
