// A browser starts no workers for a page that was opened from a disk: there the search runs in a
// hidden frame, which is spoken to as a worker is. Data is copied, as between a page and a worker:
// either side changes what it holds.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(url) {
      super()
      this.frame = document.createElement("iframe")
      this.frame.hidden = true
      document.body.append(this.frame)
      const inside = this.frame.contentWindow
      inside.postMessage = data => {
        const event = new MessageEvent("message", { data: structuredClone(data) })
        if (this.onmessage) this.onmessage(event)
        this.dispatchEvent(event)
      }
      this.loaded = new Promise(loaded => {
        const script = inside.document.createElement("script")
        script.src = new URL(url, location)
        script.onload = loaded
        script.onerror = event => this.onerror && this.onerror(event)
        inside.document.body.append(script)
      })
    }

    async postMessage(data) {
      await this.loaded
      if (!this.frame.isConnected) return
      const inside = this.frame.contentWindow
      inside.onmessage && inside.onmessage(new MessageEvent("message", { data: structuredClone(data) }))
    }

    terminate() {
      this.frame.remove()
    }
  }
}
