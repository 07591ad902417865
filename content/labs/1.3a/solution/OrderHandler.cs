namespace Formation.OrderConsumer;

/// <summary>Le métier : réserver le stock d'une commande. Simulé par une attente.</summary>
public sealed class OrderHandler(ConsumerSettings settings, ILogger<OrderHandler> logger)
{
    // <handler>
    /// <summary>Traite une commande, une fois.</summary>
    /// <exception cref="PoisonMessageException">Illisible : ne pas réessayer.</exception>
    /// <exception cref="StockUnavailableException">Panne : réessayer.</exception>
    public void Process(byte[]? value)
    {
        OrderCreated order = OrderCreated.Parse(value);
        logger.LogInformation("{OrderId} commencée", order.OrderId);

        // Nous avons un thread à nous : bloquer ne prive personne.
        Thread.Sleep(settings.Processing);
        if (Random.Shared.Next(100) < settings.FailurePercent)
        {
            throw new StockUnavailableException("le stock ne répond pas (panne simulée)");
        }

        logger.LogInformation(
            "{OrderId} terminée, stock réservé pour {Customer}", order.OrderId, order.CustomerId);
    }
    // </handler>
}
