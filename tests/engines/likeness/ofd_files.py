"""OFD files made of XML by GB/T 33190-2016, in the manners of several programs; for tests."""

from xml.sax.saxutils import escape

from tests.engines.likeness.office_files import zipped

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
BOX = "0 0 210 297"


def row(x, y, text, size=5.6, *, step=None, more=""):
    """Give a row of signs, millimetres from the left and top of the page to its baseline."""
    steps = f' DeltaX="{step}"' if step else f' DeltaX="g {max(len(text) - 1, 1)} {size}"'
    box = f"{x} {y - size} {size * len(text)} {size * 1.2}"
    return (
        f'<ofd:TextObject ID="9" Boundary="{box}" Font="3" Size="{size}"{more}>'
        f'<ofd:FillColor Value="0 0 0"/><ofd:TextCode X="0" Y="{size}"{steps}>{escape(text)}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def page(*objects, before="", area=""):
    """Give the content of a page. `before`: what stands before its layer, such as templates."""
    layer = f'<ofd:Layer ID="2" Type="Body">{"".join(objects)}</ofd:Layer>'
    content = f"<ofd:Content>{layer}</ofd:Content>"
    box = f"<ofd:Area><ofd:PhysicalBox>{area}</ofd:PhysicalBox></ofd:Area>" if area else ""
    return f"{HEAD}<ofd:Page {NAMESPACE}>{before}{box}{content}</ofd:Page>"


def document(places, *, common=""):
    """Give Document.xml with pages at these places."""
    kids = "".join(f'<ofd:Page ID="{n}" BaseLoc="{at}"/>' for n, at in enumerate(places, 1))
    area = f"<ofd:PageArea><ofd:PhysicalBox>{BOX}</ofd:PhysicalBox></ofd:PageArea>"
    return (
        f"{HEAD}<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>9</ofd:MaxUnitID>"
        f"{area}{common}</ofd:CommonData><ofd:Pages>{kids}</ofd:Pages></ofd:Document>"
    )


def resources(inner, base="Res"):
    return f'{HEAD}<ofd:Res {NAMESPACE} BaseLoc="{base}">{inner}</ofd:Res>'


def ofd(*pages, common="", parts=(), root="Doc_0/Document.xml", main=None):
    """Give an OFD file of pages (XML). `parts`: (name, content) of more; `main`: Document.xml."""
    places = [f"Pages/Page_{n}/Content.xml" for n in range(len(pages))]
    body = f"<ofd:DocBody><ofd:DocRoot>{root}</ofd:DocRoot></ofd:DocBody>"
    start = f'{HEAD}<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD">{body}</ofd:OFD>'
    return zipped(
        ("OFD.xml", start),
        ("Doc_0/Document.xml", document(places, common=common) if main is None else main),
        *((f"Doc_0/{place}", one) for place, one in zip(places, pages, strict=True)),
        *parts,
    )
