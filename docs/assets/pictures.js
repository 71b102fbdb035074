// A picture has the size that it is drawn for, at which its words are read, and is scrolled where it
// is wider than the page: the site would shrink it. After the script that draws, before the site's.
{
  const initialize = mermaid.initialize
  mermaid.initialize = options => {
    const natural = kind => ({ ...options[kind], useMaxWidth: false })
    initialize({ ...options, flowchart: natural("flowchart"), sequence: natural("sequence") })
  }
}
