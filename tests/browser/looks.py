"""What a reader sees of a page, asked of the browser."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

_IN_VIEW = """element => {
    const box = element.getBoundingClientRect()
    const header = document.querySelector(".md-header").getBoundingClientRect()
    const top = Math.max(header.bottom, 0)
    return box.height > 0 && box.top >= top && Math.min(box.bottom, box.top + 24) <= innerHeight
}"""
_BACKGROUND = "element => getComputedStyle(element).backgroundColor"

_OVERFLOW = """() => {
    const root = document.documentElement
    const found = []
    if (root.scrollWidth > root.clientWidth) found.push(`the page is ${root.scrollWidth} wide`)
    for (const element of document.querySelectorAll("article, article *, .md-sidebar--secondary *")) {
        const box = element.getBoundingClientRect()
        if (!box.width || !box.height || box.right <= root.clientWidth + 1) continue
        let scroller = element.parentElement
        while (scroller && !["auto", "scroll"].includes(getComputedStyle(scroller).overflowX))
            scroller = scroller.parentElement
        if (scroller && scroller.closest("article")) continue
        found.push(`<${element.tagName.toLowerCase()} class="${element.className}"> ends at ${box.right}`)
    }
    return found.slice(0, 3)
}"""

_CONTRAST = """() => {
    // WCAG 2.2, 1.4.3: every visible piece of text against what is painted behind it.
    const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true})
    const remember = measure => {
        const known = new Map()
        return key => known.get(key) || known.set(key, measure(key)).get(key)
    }
    const rgba = remember(color => {
        canvas.clearRect(0, 0, 1, 1)
        canvas.fillStyle = color
        canvas.fillRect(0, 0, 1, 1)
        return Array.from(canvas.getImageData(0, 0, 1, 1).data)
    })
    const over = ([r, g, b, alpha], back) =>
        [r, g, b].map((c, i) => c * alpha / 255 + back[i] * (1 - alpha / 255))
    const behind = remember(element => {
        if (!element) return [255, 255, 255]
        const own = rgba(getComputedStyle(element).backgroundColor)
        return own[3] === 255 ? own : over(own, behind(element.parentElement))
    })
    const opacity = remember(element =>
        element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1)
    const luminance = color => {
        const linear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
        const [r, g, b] = color.map(c => linear(c / 255))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b
    }
    const found = {}
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const element = node.parentElement
        const text = node.data.trim().slice(0, 30)
        if (!text || !element.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue
        const style = getComputedStyle(element)
        const back = behind(element)
        const [r, g, b, alpha] = rgba(style.color)
        const ink = [r, g, b, alpha * opacity(element)]
        const [low, high] = [luminance(over(ink, back)), luminance(back)].sort((a, b) => a - b)
        const ratio = (high + 0.05) / (low + 0.05)
        const size = parseFloat(style.fontSize)
        const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700)
        const name = `${element.tagName.toLowerCase()}.${element.className}`
        if (ratio < (large ? 3 : 4.5)) found[name] = `${name}: ${ratio.toFixed(2)} (${text})`
    }
    return Object.values(found)
}"""


def in_view(element: Locator) -> bool:
    """Whether the element comes to begin on the screen, below the header."""
    expect(element).to_be_in_viewport()
    return bool(element.evaluate(_IN_VIEW))


def background(element: Locator) -> str:
    return str(element.evaluate(_BACKGROUND))


def too_wide(page: Page) -> list[Any]:
    """What reaches beyond the right edge of the screen, tables that scroll within themselves left out."""
    found: list[Any] = page.evaluate(_OVERFLOW)
    return found


def too_faint(page: Page) -> list[Any]:
    """The texts whose contrast is below WCAG's AA."""
    found: list[Any] = page.evaluate(_CONTRAST)
    return found


def tab_to(page: Page, wanted: Locator, *, within: int) -> None:
    """The element has the focus after Tab has been pressed, at most `within` times."""
    for _ in range(within):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{wanted} has no focus after {within} × Tab")
