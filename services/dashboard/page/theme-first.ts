// Runs before anything is drawn, so that a page that was made dark never flashes white. Not a module: those run later.
{
  const chosen = localStorage.getItem('smee-theme');
  if (chosen === 'dark' || chosen === 'light') document.documentElement.dataset.theme = chosen;
}
