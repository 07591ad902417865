//! Pictures in the page: shapes become SVG nodes once, then only what changed is touched.
//!
//! 1. The nodes of the last picture are kept beside the shapes they came from.
//! 2. A new picture is compared shape by shape, by position: an equal one is left alone, one of the same kind gets the
//!    attributes that differ, any other is replaced.
//!
//! So a picture is a function of the instant, as everywhere else, and still costs little enough to be drawn at each frame.

use crate::browser;
use crate::dom::{El, class, effect};
use picture::Px;
use picture::french::typeset;
use picture::shape::{Picture, Shape};
use picture::svg::{attributes, tag};
use web_sys::{Document, Element};

const SVG: &str = "http://www.w3.org/2000/svg";

/// An element that shows what `draw` draws for its width, and follows what `draw` reads.
pub(crate) fn drawing(draw: impl Fn(Px) -> Picture + 'static) -> El {
    let draw: Box<dyn Fn(Px) -> Picture> = Box::new(draw);
    let host = class("div", "drawing");
    let width = browser::width_of(host.element());
    let Some(mut canvas) = Canvas::new(host.element()) else {
        return host;
    };
    effect(move || {
        let width = width.get();
        // Nothing is drawn before there is room.
        if width > 0 {
            canvas.show(&draw(Px::new(width)));
        }
    });
    host
}

/// An `<svg>` element and what it shows.
struct Canvas {
    document: Document,
    svg: Element,
    /// Width, height and words of the picture shown.
    frame: Option<(Px, Px, String)>,
    nodes: Vec<Node>,
}

/// A shape in the page.
struct Node {
    shape: Shape,
    element: Element,
    /// The shapes of a group.
    children: Vec<Node>,
}

impl Canvas {
    fn new(parent: &Element) -> Option<Self> {
        let document = parent.owner_document()?;
        let svg = document.create_element_ns(Some(SVG), "svg").ok()?;
        set(&svg, "class", "picture");
        set(&svg, "role", "img");
        parent.append_child(&svg).ok()?;
        Some(Self {
            document,
            svg,
            frame: None,
            nodes: Vec::new(),
        })
    }

    fn show(&mut self, picture: &Picture) {
        let words = format!("{}. {}", picture.title, picture.description);
        let frame = (picture.width, picture.height, words);
        if self.frame.as_ref() != Some(&frame) {
            let (width, height) = (picture.width.to_string(), picture.height.to_string());
            set(&self.svg, "viewBox", &format!("0 0 {width} {height}"));
            set(&self.svg, "width", &width);
            set(&self.svg, "height", &height);
            set(&self.svg, "aria-label", &frame.2);
            self.frame = Some(frame);
        }
        reconcile(&self.document, &self.svg, &mut self.nodes, &picture.shapes);
    }
}

fn reconcile(document: &Document, parent: &Element, nodes: &mut Vec<Node>, shapes: &[Shape]) {
    for surplus in nodes.drain(shapes.len().min(nodes.len())..) {
        surplus.element.remove();
    }
    for (index, shape) in shapes.iter().enumerate() {
        match nodes.get_mut(index) {
            Some(node) if node.shape == *shape => {}
            Some(node) if tag(&node.shape) == tag(shape) => update(document, node, shape),
            Some(node) => {
                if let Some(new) = create(document, shape) {
                    let _ = parent.replace_child(&new.element, &node.element);
                    *node = new;
                }
            }
            None => {
                if let Some(new) = create(document, shape) {
                    let _ = parent.append_child(&new.element);
                    nodes.push(new);
                }
            }
        }
    }
}

fn create(document: &Document, shape: &Shape) -> Option<Node> {
    let element = document.create_element_ns(Some(SVG), tag(shape)).ok()?;
    attributes(shape, &mut |name, value| set(&element, name, value));
    let mut node = Node {
        shape: shape.clone(),
        element,
        children: Vec::new(),
    };
    match shape {
        Shape::Text { text, .. } => node.element.set_text_content(Some(&typeset(text))),
        Shape::Group { title, shapes, .. } => {
            if !title.is_empty() {
                title_of(document, &node.element, title);
            }
            reconcile(document, &node.element, &mut node.children, shapes);
        }
        _ => {}
    }
    Some(node)
}

fn update(document: &Document, node: &mut Node, shape: &Shape) {
    let mut before = Vec::with_capacity(6);
    attributes(&node.shape, &mut |name, value| {
        before.push((name, value.to_owned()));
    });
    attributes(shape, &mut |name, value| {
        let known = before.iter().position(|(known, _)| *known == name);
        match known.map(|at| before.swap_remove(at)) {
            Some((_, same)) if same == value => {}
            _ => set(&node.element, name, value),
        }
    });
    for (gone, _) in before {
        let _ = node.element.remove_attribute(gone);
    }
    match (&node.shape, shape) {
        (Shape::Text { text: old, .. }, Shape::Text { text, .. }) if old != text => {
            node.element.set_text_content(Some(&typeset(text)));
        }
        (
            Shape::Group {
                title: old,
                shapes: _,
                ..
            },
            Shape::Group { title, shapes, .. },
        ) => {
            if old != title {
                title_of(document, &node.element, title);
            }
            reconcile(document, &node.element, &mut node.children, shapes);
        }
        _ => {}
    }
    node.shape.clone_from(shape);
}

/// Gives a group the words that the pointer shows.
fn title_of(document: &Document, group: &Element, title: &str) {
    let known = group
        .first_element_child()
        .filter(|child| child.tag_name() == "title");
    let element = known.or_else(|| {
        let element = document.create_element_ns(Some(SVG), "title").ok()?;
        let _ = group.insert_before(&element, group.first_child().as_ref());
        Some(element)
    });
    if let Some(element) = element {
        element.set_text_content(Some(&typeset(title)));
    }
}

fn set(element: &Element, name: &str, value: &str) {
    // It fails only for names that no attribute may have.
    let _ = element.set_attribute(name, value);
}
