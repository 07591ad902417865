using Confluent.Kafka;
// <producer>
class P
{
    // <envoi>
    Send("a");

    // Attendre
    Wait();
    // </envoi>
}
// </producer>
