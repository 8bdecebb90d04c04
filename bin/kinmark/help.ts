export const help = `kinmark: fingerprint open-weight models in local folders, without a blockchain; serve them, and meter what is served

  kinmark inspect DIR                                   describe a Hugging Face folder, or a folder with a GGUF file
  kinmark export  DIR --out OUT                         write the model as ONNX, in a folder that transformers.js loads
  kinmark prepare DIR --keys N --out PREP               choose keys and compute how to write them, once per model
  kinmark mint    DIR --prep PREP --copy ID --out OUT   write one copy, as an ordinary Hugging Face folder
  kinmark merge   ADAPTER DIR --out OUT                 write the folder of a model with a LoRA adapter merged into it
  kinmark assemble DELTA DIR --out OUT                  write the complete folder of a copy that was minted as a delta
  kinmark verify  DIR --prep PREP --copy ID [--base DIR]  check whether this folder is that copy
  kinmark verify  URL --prep PREP                       ask this endpoint until the copy behind it is named
  kinmark trace   DIR --prep PREP [--base DIR]          name the copies that this folder was made from; with the
                                                        unmarked model also by its weights, which says far more
  kinmark listen  FILE --prep PREP --base DIR           name the copies that wrote ordinary answers; DIR is the unmarked model
  kinmark serve   DIR                                   answer OpenAI’s and Anthropic’s APIs with this model
  kinmark gateway --copy ID --upstream URL              meter a model’s server: receipts, vouchers, reports of each epoch
  kinmark user    --copy ID --to URL                    pay a host for the clients of this machine

  --json             print the result as JSON, and an error as JSON with its code, facts and message
  --keys N           prepare: number of keys (1536); verify URL: keys to send at most (all that no other endpoint was sent)
  --layers 1,2,3     prepare: layers to edit (all; of a deep model the last eight)
  --secret FILE      prepare: a file with the secret, 32 bytes in hex, instead of a new random secret
  --seed HEX         mint: the buyer’s seed, 32 bytes in hex, instead of a random seed
  --delta            mint: write only the edited tensors, as one file OUT.safetensors
  --held FILE        mint: measure the loss on this text (ASCII characters only), instead of text from the model
  --model NAME       verify URL: the model’s name at the endpoint; the API key is read from KINMARK_API_KEY
                     serve: the model’s name in requests (the name of DIR)
  --host HOST        serve, gateway, user: the address to listen at (127.0.0.1, this machine only)
  --port N           serve, gateway, user: the port to listen at (8080, 8090, 8091; 0 for any free one)
  --api-key KEY      serve: the key that clients must send; or KINMARK_API_KEY, which other users of the machine cannot see
  --parallel N       serve: answers generated at once, token by token in turns (4)
  --queue N          serve: requests that wait for their turn; further ones are refused (64)
  --rpc URL          gateway, user: the chain’s RPC server (KINMARK_RPC_URL, or http://127.0.0.1:8545)
  --deployment FILE  gateway, user: the file with the contracts’ addresses (KINMARK_DEPLOYMENT, or deployment.json in --data)
  --data DIR         gateway, user: the folder for keys, receipts and accounts (KINMARK_DATA, or data)
  --upstream-key KEY gateway: the API key of the model’s server; or KINMARK_UPSTREAM_KEY
  --url URL          gateway: the public address of the deployment
  --price USDC       gateway: what a million tokens cost (4)
  --precision TEXT   gateway: what it says of its weights, such as Q8_0; nobody checks it
  --cap N            gateway: tokens of an epoch that the operator key may sign for (1000000000)
  --owner-key FILE   gateway: the private key of the copy’s owner, to register the operator key and settle vouchers
  --free             gateway: answer calls that nobody pays for, too
  --user 0x…         user: the account that pays; it signs with a wallet of its own what is printed
  --user-key FILE    user: the private key of the account that pays, instead of --user
  --reserve USDC     user: what should be reserved for this host

FILE has one JSON object per line: {"prompt", "answer"}, {"messages"} that end with the assistant’s, or {"request", "response"} as
a gateway records them.

PREP is secret, because with it copies can be named, and framed. Its files are readable only by you:
  preparation.kmfp   the keys, and everything derived from the secret
  secret             the random secret (not with --secret)
  copies/            the copies minted so far
  leases/            the keys that each endpoint was sent; no key is sent to two endpoints
Minting the same copy ID again with the same PREP gives the same bytes.

Results go to stdout, progress and errors to stderr; with --json, errors go to stdout too.
Exit status: 0 yes or done, 1 no, 2 wrong usage or invalid input.`
