// The tag to paste carries the address of this very server.
document.getElementById('address').textContent = new URL('/embed.js', location.href).href;
