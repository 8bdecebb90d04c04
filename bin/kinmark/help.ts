export const help = `kinmark: a market of open-weight models, and their fingerprints, from the command line

A market. All of it can be interrupted at any moment and run again: nothing is paid or sent twice.
  kinmark login   [--site URL] [--key-file FILE]        log in with a key, or without one by a code that is approved on a page
  kinmark logout                                        end the login
  kinmark search  [WORDS]                               find models on sale
  kinmark info    MODEL                                 describe a model
  kinmark buy     MODEL [--max USDC]                    order a copy
  kinmark pull    COPY [--out DIR]                      download a copy once it is delivered, and check every hash
  kinmark publish DIR --price USDC --collateral USDC    put a model on sale
  kinmark earnings [ACCOUNT]                            what an account earned, and what it can claim
  kinmark claim                                         have it paid out
  kinmark token   [--scopes LIST] [--minutes N]         print a token that ends soon, such as for CI
  kinmark completion bash|zsh|fish                      print the script that completes commands in this shell

Folders, without a market and without a blockchain:
  kinmark inspect DIR                                   describe a Hugging Face folder, or a folder with a GGUF file
  kinmark export  DIR --out OUT                         write the model as ONNX, in a folder that transformers.js loads
  kinmark export  DIR --format gguf --out OUT           write it as a GGUF file for llama.cpp, Ollama and LM Studio
  kinmark prepare DIR --keys N --out PREP               choose keys and compute how to write them, once per model
  kinmark mint    DIR --prep PREP --copy ID --out OUT   write one copy, as an ordinary Hugging Face folder
  kinmark merge   ADAPTER DIR --out OUT                 write the folder of a model with a LoRA adapter merged into it
  kinmark assemble DELTA DIR --out OUT                  write the complete folder of a copy that was minted as a delta
  kinmark verify  DIR --prep PREP --copy ID [--base DIR]  check whether this folder is that copy
  kinmark verify  URL --prep PREP                       ask this endpoint until the copy behind it is named
  kinmark trace   DIR --prep PREP [--base DIR]          name the copies that this folder was made from; with the
                                                        unmarked model also by its weights, which says far more
  kinmark listen  FILE --prep PREP --base DIR           name the copies that wrote ordinary answers; DIR is the unmarked model
  kinmark listen  URL --prep PREP --base DIR            the same, asking this endpoint ordinary questions until a copy is named

Serving, and metering what is served:
  kinmark serve   DIR                                   answer OpenAI’s and Anthropic’s APIs with this model
  kinmark gateway --copy ID --upstream URL              meter a model’s server: receipts, vouchers, reports of each epoch
  kinmark gateway keys create --copy ID                 make a key with a budget for a customer of the host
  kinmark gateway keys list --copy ID                   what these keys have spent
  kinmark gateway keys revoke KEY --copy ID             end one
  kinmark user    --copy ID --to URL                    pay a host for the clients of this machine

  --site URL         the market (KINMARK_SITE, or that of the login, or http://127.0.0.1:3000)
  --key-file FILE    login, buy, publish, claim: the private key of the account, 32 bytes in hex (KINMARK_KEY, or as at the login)
  --max USDC         buy, publish: pay up to this much without asking
  --name NAME        buy, publish: the same is done once under each name (first); another name orders another copy
                     token: how the list of tokens calls it (CI)
  --scopes LIST      token: of copies:read, copies:order and models:publish (copies:read)
  --minutes N        token: when it ends (60, at most a day)
  --out DIR          pull: the folder (copy-COPY)
                     listen URL: a file that the answers are added to, which listen FILE reads
  --answers N        listen URL: answers of up to 64 tokens to ask for at most (128)
  --repair           pull: replace files that have other bytes than they should
  --family, --licence, --task NAME   search: only such models
  --sort ORDER       search: trending, new, earned, price or size (trending)
  --limit N          search: models at most (25)
  --fee USDC         publish: what hosts owe for a million tokens (1)
  --royalty, --floor, --leak PERCENT  publish: of what descendants earn (10); of these terms that descendants must ask (0);
                     of the collateral that returns slowly (50)
  --parents LIST     publish: models that it was made from, such as 3,5:merge,7:finetune:12 (with your copy 12 of model 7)
  --no-derive, --holders-derive, --no-commercial  publish: what the licence does not allow; only holders of a copy may derive
  --playground       publish: let visitors load the weights in their browser

  --json             print the result as JSON, and an error as JSON with its code, facts and message
  --keys N           prepare: number of keys (1536; 2048 in wide models); verify URL: keys to send at most (all that no other endpoint was sent)
  --layers 1,2,3     prepare: layers to edit (all; of a deep model the last eight)
  --secret FILE      prepare: a file with the secret, 32 bytes in hex, instead of a new random secret
  --seed HEX         mint: the buyer’s seed, 32 bytes in hex, instead of a random seed
  --delta            mint: write only the edited tensors, as one file OUT.safetensors
  --held FILE        mint: measure the loss on this text (ASCII characters only), instead of text from the model
  --fine-tune DIR    verify URL (with --base), listen: a fine-tune of the unmarked model that a thief may have mixed into a copy
  --model NAME       verify URL, listen URL: the model’s name at the endpoint; the API key is read from KINMARK_API_KEY
                     serve: the model’s name in requests (the name of DIR)
  --host HOST        serve, gateway, user: the address to listen at (127.0.0.1, this machine only)
  --port N           serve, gateway, user: the port to listen at (8080, 8090, 8091; 0 for any free one)
  --api-key KEY      serve: the key that clients must send; or KINMARK_API_KEY, which other users of the machine cannot see
  --parallel N       serve: answers generated at once, token by token in turns (4)
                     pull: connections at once (4)
  --queue N          serve: requests that wait for their turn; further ones are refused (64)
  --rpc URL          the chain’s RPC server (KINMARK_RPC_URL, or what the market names; gateway, user: or http://127.0.0.1:8545)
  --deployment FILE  gateway, user: the file with the contracts’ addresses (KINMARK_DEPLOYMENT, or deployment.json in --data)
  --data DIR         gateway, user: the folder for keys, receipts and accounts (KINMARK_DATA, or data)
  --upstream-key KEY gateway: the API key of the model’s server; or KINMARK_UPSTREAM_KEY
  --url URL          gateway: the public address of the deployment
  --price USDC       gateway: what a million tokens cost (4)
  --format FORMAT    export: onnx or gguf (onnx)
  --precision TEXT   export --format gguf: F16, Q8_0 or Q4_K_M (Q8_0)
                     gateway: what it says of its weights, such as Q8_0; nobody checks it
  --cap N            gateway: tokens of an epoch that the operator key may sign for (1000000000)
  --owner-key FILE   gateway: the private key of the copy’s owner, to register the operator key and settle vouchers
  --name NAME        gateway keys create: what the host calls the customer
  --budget USDC      gateway keys create: what all calls with the key may cost (no limit)
  --expires TIME     gateway keys create: 30d, 12h, 90m or a date (never)
  --per-minute N     gateway keys create: calls a minute (no limit)
  --database URL     gateway, gateway keys: the Postgres that all gateways of the copy share; or KINMARK_GATEWAY_DATABASE (none:
                     the books are in --data, for one gateway alone)
  --disclosed FILE   gateway: the disclosed keys of the copy, which its page gives to its buyer: the upstream is asked them
  --x402-least USDC  gateway: the least payment by x402 that is settled, since the host pays its gas (0.01)
  --no-x402          gateway: take no payments by x402
  --free             gateway: answer calls that nobody pays for, too
  --user 0x…         user: the account that pays; it signs with a wallet of its own what is printed
  --user-key FILE    user: the private key of the account that pays, instead of --user
  --reserve USDC     user: what should be reserved for this host

FILE has one JSON object per line: {"prompt", "answer"}, {"messages"} that end with the assistant’s, or {"request", "response"} as
a gateway records them. The first two may have {"logprobs"} as OpenAI’s chats do. Log probabilities say several times as much as text.

PREP is secret, because with it copies can be named, and framed. Its files are readable only by you:
  preparation.kmfp   the keys, and everything derived from the secret
  secret             the random secret (not with --secret)
  copies/            the copies minted so far
  leases/            the keys that each endpoint was sent; no key is sent to two endpoints
Minting the same copy ID again with the same PREP gives the same bytes.

Results go to stdout, progress and errors to stderr; with --json, errors go to stdout too.
Exit status: 0 yes or done, 1 no, 2 wrong usage or invalid input, 3 not allowed (log in, or another key), 4 too little money or
more than --max, 5 market or chain unreachable, 6 refused by the chain or the minter, 7 disk, 8 wrong bytes, 130 interrupted.`
