// The contrast of an element's text with what is behind it (WCAG 2.2, 1.4.3): returns the worst ratio.
// Sees through transparent backgrounds, out of shadow trees, and takes the worst stop of a gradient.
function contrast (element) {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const parse = colour => {
    canvas.clearRect(0, 0, 1, 1)
    canvas.fillStyle = colour
    canvas.fillRect(0, 0, 1, 1)
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data
    return [red, green, blue, alpha / 255]
  }
  const over = (top, bottom) => [0, 1, 2].map(i => top[i] * top[3] + bottom[i] * (1 - top[3])).concat(1)
  const luminance = colour => {
    const [red, green, blue] = colour.slice(0, 3).map(byte => {
      const value = byte / 255
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
  const parent = node => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host ?? null

  const layers = []
  let opacity = 1
  for (let node = element; node; node = parent(node)) {
    const style = getComputedStyle(node)
    const stops = style.backgroundImage.match(/(?:rgba?|hsla?|oklch|oklab|lab|lch|color)\([^()]*\)/g) ?? []
    const colours = [...stops, style.backgroundColor].map(parse).filter(colour => colour[3] > 0)
    if (colours.length) layers.push(stops.length ? colours.slice(0, stops.length) : colours)
    if (layers.length === 0 || node === element) opacity *= Number(style.opacity)
    if (colours.some(colour => colour[3] === 1)) break
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches &&
    getComputedStyle(document.documentElement).colorScheme.includes('dark')
  const canvasColour = dark ? [18, 18, 18, 1] : [255, 255, 255, 1]
  let backgrounds = [canvasColour]
  for (const layer of layers.reverse()) {
    backgrounds = layer.flatMap(colour => backgrounds.map(background => over(colour, background)))
  }
  const text = parse(getComputedStyle(element).color)
  text[3] *= opacity
  return Math.min(...backgrounds.map(background => {
    const [lighter, darker] = [luminance(over(text, background)), luminance(background)].sort((a, b) => b - a)
    return (lighter + 0.05) / (darker + 0.05)
  }))
}
