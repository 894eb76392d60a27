"""The style of a statement: paper first, readable on a phone, no external parts."""

from __future__ import annotations

import re

# Lines of .meta end at punctuation where they can, not amid a day or a name.
CSS = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#eef1f2;color:#1f2a30;font:15px/24px -apple-system,"PingFang SC",
"Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC",sans-serif;
font-variant-numeric:tabular-nums;overflow-wrap:break-word;word-wrap:break-word}
main{max-width:820px;margin:24px auto;padding:40px 48px 32px;background:#fff}
h1{margin:0;font-size:20px;line-height:28px;font-weight:600}
h2{margin:32px 0 8px;padding-bottom:4px;border-bottom:2px solid #0b5d5a;font-size:16px;
line-height:24px;font-weight:600}
h3{margin:16px 0 4px;font-size:15px;line-height:24px;font-weight:600}
p{margin:0 0 8px}
.what{color:#0b5d5a;font-size:13px;line-height:20px;letter-spacing:2px}
.meta{margin:12px 0 0;padding:0;display:table;width:100%;border-top:1px solid #d8dde0}
.meta div{display:table-row}
.meta dt,.meta dd{display:table-cell;margin:0;padding:4px 0;border-bottom:1px solid #d8dde0;
vertical-align:top}
.meta dt{width:8em;color:#56646c}
.meta dd{word-break:keep-all;overflow-wrap:anywhere}
.mark{margin:12px 0 0;padding:8px 12px;border:1px solid #8a5a00;border-left-width:4px;
color:#6b4600}
.mark b{margin-right:8px}
.mark+.mark{margin-top:8px}
.calm{border-color:#56646c;color:#3d4a52}
.sum{margin:0;padding:0;list-style:none}
.sum li{padding:4px 0;border-bottom:1px solid #e6eaec}
.note{color:#56646c;font-size:13px;line-height:20px}
table{width:100%;border-collapse:collapse;margin:0 0 8px}
th,td{padding:8px 8px 8px 0;border-bottom:1px solid #e0e5e8;text-align:left;vertical-align:top}
th{padding:4px 8px 4px 0;color:#56646c;font-size:13px;line-height:20px;font-weight:400;
border-bottom:1px solid #9aa6ac}
td.n,th.n{padding-right:0;text-align:right;width:8em}
td.n{overflow-wrap:anywhere}
td.i,th.i{width:2.5em;color:#56646c}
td.k{width:12em}
td.a,th.a{width:6em}
.one{white-space:nowrap}
tfoot td{border-top:1px solid #9aa6ac;border-bottom:0;font-weight:600}
.why{color:#3d4a52;font-size:13px;line-height:20px}
.yes{color:#1d6b3a}
.no{color:#a61b1b}
.art{margin:0 0 12px;padding:0 0 0 12px;border-left:2px solid #d8dde0}
.art p{margin:0 0 4px}
.sign{width:100%;margin-top:16px}
.sign td{width:50%;height:64px;border:1px solid #9aa6ac;padding:8px}
footer{margin-top:32px;padding-top:8px;border-top:1px solid #9aa6ac;color:#56646c;font-size:12px;
line-height:18px}
.print{font-family:Consolas,"Liberation Mono",monospace;word-break:break-all}
@media (max-width:600px){
body{background:#fff}
main{margin:0;padding:16px 16px 24px}
.meta dt{width:7em}
table.cards thead{display:none}
table.cards,table.cards tbody,table.cards tfoot,table.cards tr,table.cards td{display:block;
width:100%}
table.cards tr{padding:8px 0;border-bottom:1px solid #e0e5e8}
table.cards td{padding:0;border:0}
table.cards td.i{float:left;width:2em}
table.cards td.i:empty{display:none}
table.cards td.n{text-align:right;font-weight:600}
table.cards td[data-t]:before{content:attr(data-t) "：";color:#56646c;font-size:13px}
.sign,.sign tbody,.sign tr,.sign td{display:block;width:100%}
.sign td{border-bottom:0}
.sign tr:last-child td:last-child{border-bottom:1px solid #9aa6ac}
}
@page{size:A4;margin:18mm 16mm}
.sum li:last-child{border-bottom:0}
@media print{
body{background:#fff;font-size:10.5pt;line-height:16pt}
main{max-width:none;margin:0;padding:0}
h2{margin-top:16pt;break-after:avoid;page-break-after:avoid}
h3{break-after:avoid;page-break-after:avoid}
.note,h3+.why{break-after:avoid;page-break-after:avoid}
tr,.sum li,.art,.mark,.sign{break-inside:avoid;page-break-inside:avoid}
thead{display:table-header-group}
tfoot{display:table-row-group}
td,th{padding-top:4pt;padding-bottom:4pt}
.why,.note,th{font-size:9pt;line-height:13pt}
footer{font-size:8pt;line-height:11pt}
}
""".strip()

_UNSAFE = re.compile(r"[^\w（）·—－ ]")


def foot_of_pages(title: str) -> str:
    """Title and number at the foot of every printed page, where the browser can."""
    told = _UNSAFE.sub(lambda found: f"\\{ord(found[0]):x} ", title)
    small = "font-size:8pt;color:#56646c"
    return (
        f'@page{{@bottom-left{{content:"{told}";{small}}}'
        f'@bottom-right{{content:"第" counter(page) "页，共" counter(pages) "页";{small}}}}}'
    )
