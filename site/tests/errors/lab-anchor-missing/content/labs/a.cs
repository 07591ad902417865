// <envoi>
x();
// </envoi>
// <ouverte>
y();
