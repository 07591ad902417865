using Formation.Shop.Messaging;
using Formation.Shop.Payment;

return await ShopService.RunAsync<PaymentHandler>(args, "payment", handlerDelayMs: 60);
