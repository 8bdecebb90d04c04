// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ModelGovernor } from "../../src/governance/ModelGovernor.sol";
import { ModelGovernorFactory } from "../../src/governance/ModelGovernorFactory.sol";
import { Protocol } from "../../src/governance/Protocol.sol";
import { Copy, Delivery, Reason, State } from "../../src/interfaces/ICopyRegistry.sol";
import { ParentRef, Relation, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Ruling } from "../../src/interfaces/IRefusals.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { CopyRegistry } from "../../src/registry/CopyRegistry.sol";
import { MinterRegistry } from "../../src/registry/MinterRegistry.sol";
import { ModelRegistry } from "../../src/registry/ModelRegistry.sol";
import { Origins } from "../../src/registry/Origins.sol";
import { UsageLedger } from "../../src/usage/UsageLedger.sol";
import { UserLedger } from "../../src/usage/UserLedger.sol";
import { EPOCH_LENGTH, defaultParameters } from "./Defaults.sol";
import { MintableUSD, OpenTreasury } from "./Harness.sol";
import { Vm } from "./Vm.sol";

/// @notice All contracts as they are deployed, and the accounts that use them.
abstract contract BaseTest {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint16 internal constant DERIVE = 1;
    uint16 internal constant FREE_TO_DERIVE = 2;
    uint16 internal constant COMMERCIAL = 4;

    uint64 internal constant DELIVER_WINDOW = 1 days;
    uint64 internal constant ACCEPT_WINDOW = 2 days;
    uint64 internal constant THAW = 9 days;
    uint64 internal constant LEAK_TAIL = 180 days;
    uint64 internal constant BOND = 1000e6;
    uint64 internal constant PENALTY = 5e6;
    uint64 internal constant ORIGIN_BOND = 100e6;
    uint256 internal constant START = 1_800_000_000;

    bytes32 internal constant MANIFEST_ROOT = keccak256("manifest");
    bytes32 internal constant ARTIFACT_ROOT = keccak256("artifact");
    bytes32 internal constant RESPONSES_ROOT = keccak256("responses");
    bytes32 internal constant KEY_POOL_ROOT = keccak256("key pool");
    bytes32 internal constant CIPHERTEXT_HASH = keccak256("sealed files");
    bytes32 internal constant SEALED_KEY = keccak256("sealed key");
    bytes32 internal constant SEED_HASH = keccak256("seed");
    string internal constant URI = "ni:///sha-256;f4OxZX_x_FO5LcGBSKHWXfwtSx-j1ncoSt3SABJtkGk";

    address internal immutable OWNER = _actor("OWNER");
    address internal immutable CREATOR = _actor("CREATOR");
    address internal immutable DERIVER = _actor("DERIVER");
    address internal immutable BUYER = _actor("BUYER");
    address internal immutable HOLDER = _actor("HOLDER");
    address internal immutable GUARDIAN = _actor("GUARDIAN");
    address internal immutable COUNCIL = _actor("COUNCIL");
    address internal immutable COURT = _actor("COURT");
    uint256 internal constant MINTER_KEY = 0x3147e4;
    address internal immutable MINTER = vm.addr(MINTER_KEY);
    address internal immutable PROTOCOL = _actor("PROTOCOL");
    address internal immutable PROVERS = _actor("PROVERS");
    address internal immutable STRANGER = _actor("STRANGER");

    MintableUSD internal usd;
    ModelRegistry internal registry;
    OpenTreasury internal treasury;
    CopyRegistry internal copyRegistry;
    MinterRegistry internal minterRegistry;
    Protocol internal protocol;
    UsageLedger internal ledger;
    UserLedger internal users;
    ModelGovernorFactory internal factory;
    Origins internal origins;
    address internal sharesImplementation;
    uint256 private _salt;

    function setUp() public virtual {
        _deploy();
    }

    function _deploy() internal {
        vm.warp(START);
        uint256 nonce = vm.getNonce(address(this));
        address registryAt = vm.computeCreateAddress(address(this), nonce + 3);
        address treasuryAt = vm.computeCreateAddress(address(this), nonce + 4);
        address copiesAt = vm.computeCreateAddress(address(this), nonce + 5);
        MinterRegistry mintersAt = MinterRegistry(vm.computeCreateAddress(address(this), nonce + 6));
        UsageLedger ledgerAt = UsageLedger(vm.computeCreateAddress(address(this), nonce + 7));
        address usersAt = vm.computeCreateAddress(address(this), nonce + 8);
        ModelGovernorFactory factoryAt = ModelGovernorFactory(vm.computeCreateAddress(address(this), nonce + 10));
        Origins originsAt = Origins(vm.computeCreateAddress(address(this), nonce + 11));

        usd = _token();
        protocol = new Protocol(OWNER, GUARDIAN, COUNCIL, EPOCH_LENGTH, defaultParameters());
        sharesImplementation = address(new ModelShares(registryAt, OpenTreasury(treasuryAt), uint48(EPOCH_LENGTH)));
        registry = new ModelRegistry(sharesImplementation, CopyRegistry(copiesAt), protocol, factoryAt, originsAt);
        treasury = new OpenTreasury(usd, registry, protocol, address(mintersAt), address(originsAt), PROTOCOL, PROVERS);
        copyRegistry = new CopyRegistry(usd, registry, treasury, protocol, mintersAt, ledgerAt, address(this));
        minterRegistry = new MinterRegistry(usd, protocol, treasury, copiesAt);
        ledger = new UsageLedger(usd, protocol, copyRegistry, treasury, usersAt);
        users = new UserLedger(usd, protocol, copyRegistry, ledger);
        factory = new ModelGovernorFactory(address(new ModelGovernor(usd, registry, treasury)), registry);
        origins = new Origins(usd, protocol, registry, treasury, _parentCourt());
        vm.assertEq(address(treasury), treasuryAt, "predicted address");
        vm.assertEq(address(copyRegistry), copiesAt, "predicted address");
        vm.assertEq(address(minterRegistry), address(mintersAt), "predicted address");
        vm.assertEq(address(ledger), address(ledgerAt), "predicted address");
        vm.assertEq(address(users), usersAt, "predicted address");
        vm.assertEq(address(factory), address(factoryAt), "predicted address");
        vm.assertEq(address(origins), address(originsAt), "predicted address");

        usd.sponsor(address(origins));
        copyRegistry.setCourts(_courts());
        _join(MINTER);
    }

    function _token() internal virtual returns (MintableUSD) {
        return new MintableUSD();
    }

    /// @dev Courts that may slash. `COURT` is an account that the tests control.
    function _courts() internal virtual returns (address[] memory courts) {
        courts = new address[](1);
        courts[0] = COURT;
    }

    /// @dev Court that may enter ancestors. Called before `_courts`.
    function _parentCourt() internal virtual returns (address) {
        return COURT;
    }

    /// @dev Puts up a bond and takes orders.
    function _join(address minter) internal {
        _fund(minter, address(minterRegistry), BOND);
        vm.prank(minter);
        minterRegistry.addBond(BOND);
        vm.prank(minter);
        minterRegistry.join();
    }

    /* MODELS */

    function _terms() internal pure returns (Terms memory) {
        return Terms({
            price: 25e6,
            collateral: 50e6,
            fee: 1e9,
            royaltyBps: 1000,
            floorBps: 0,
            leakBps: 0,
            licence: DERIVE | FREE_TO_DERIVE | COMMERCIAL
        });
    }

    function _termsOf(uint64 price, uint64 collateral) internal pure returns (Terms memory terms) {
        terms = _terms();
        (terms.price, terms.collateral) = (price, collateral);
    }

    function _termsWith(uint16 royaltyBps, uint16 licence) internal pure returns (Terms memory terms) {
        terms = _terms();
        terms.royaltyBps = royaltyBps;
        terms.licence = licence;
    }

    function _ref(ModelId parent) internal view returns (ParentRef memory) {
        bytes32 termsHash = registry.exists(parent) ? registry.termsHash(parent) : bytes32(0);
        return ParentRef({ id: parent, relation: Relation.Finetune, termsHash: termsHash, copyId: _copyId(0) });
    }

    function _refs() internal pure returns (ParentRef[] memory) {
        return new ParentRef[](0);
    }

    function _refs(ModelId parent) internal view returns (ParentRef[] memory refs) {
        refs = new ParentRef[](1);
        refs[0] = _ref(parent);
    }

    function _refs(ModelId first, ModelId second) internal view returns (ParentRef[] memory refs) {
        refs = new ParentRef[](2);
        refs[0] = _ref(first);
        refs[1] = _ref(second);
    }

    function _register(address creator, Terms memory terms, ParentRef[] memory refs) internal returns (ModelId) {
        vm.prank(creator);
        return registry.register(MANIFEST_ROOT, URI, terms, refs, new address[](0));
    }

    function _root() internal returns (ModelId) {
        return _register(CREATOR, _terms(), _refs());
    }

    function _shares(ModelId id) internal view returns (ModelShares) {
        return ModelShares(registry.shares(id));
    }

    /* COPIES */

    /// @dev Names a minter for a model and commits to the key pool of its first version.
    function _offer(ModelId id, address minter) internal {
        address controller = registry.ownerOf(ModelId.unwrap(id));
        vm.prank(controller);
        registry.nameMinter(id, minter, true);
        if (registry.keyPool(id, 1).root != 0) return;
        vm.prank(controller);
        registry.commitKeyPool(id, 1, KEY_POOL_ROOT);
    }

    /// @dev A quote of `MINTER`, whom the controller names if it has not.
    function _quote(address buyer, ModelId id) internal returns (Quote memory) {
        if (!registry.minterNamed(id, MINTER)) _offer(id, MINTER);
        return Quote({
            minter: MINTER,
            modelId: id,
            version: 1,
            termsHash: registry.termsHash(id),
            buyer: buyer,
            buyerSeedHash: SEED_HASH,
            fee: 0,
            secondsToDeliver: uint32(DELIVER_WINDOW),
            penalty: PENALTY,
            expiresAt: protocol.time() + 1 hours,
            salt: bytes32(++_salt)
        });
    }

    function _signQuote(uint256 key, Quote memory quote) internal view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, minterRegistry.quoteDigest(quote));
        return abi.encodePacked(r, s, v);
    }

    function _signQuote(Quote memory quote) internal view returns (bytes memory) {
        return _signQuote(MINTER_KEY, quote);
    }

    /// @dev The buyer gets what the order costs, and orders.
    function _order(Quote memory quote) internal returns (CopyId) {
        Terms memory terms = registry.terms(quote.modelId);
        bytes memory signature = _signQuote(quote);
        _fund(quote.buyer, address(copyRegistry), uint256(terms.price) + terms.collateral + quote.fee);
        vm.prank(quote.buyer);
        return copyRegistry.order(quote, signature);
    }

    function _order(address buyer, ModelId id) internal returns (CopyId) {
        return _order(_quote(buyer, id));
    }

    function _delivery() internal pure returns (Delivery memory) {
        return Delivery({
            artifactRoot: ARTIFACT_ROOT,
            responsesRoot: RESPONSES_ROOT,
            ciphertextHash: CIPHERTEXT_HASH,
            sealedKey: SEALED_KEY,
            url: "https://files.example/0123456789abcdef"
        });
    }

    function _deliver(CopyId id) internal {
        vm.prank(MINTER);
        copyRegistry.deliver(id, _delivery());
    }

    function _delivered(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _order(buyer, id);
        _deliver(copyId);
    }

    function _active(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _delivered(buyer, id);
        vm.prank(buyer);
        copyRegistry.accept(copyId);
    }

    function _closing(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _active(buyer, id);
        vm.prank(buyer);
        copyRegistry.close(copyId);
    }

    function _refused(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _delivered(buyer, id);
        vm.prank(buyer);
        copyRegistry.refuse(copyId, Reason.Files, "evidence");
    }

    function _defended(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _refused(buyer, id);
        vm.prank(MINTER);
        copyRegistry.standBy(copyId);
    }

    function _contested(address buyer, ModelId id) internal returns (CopyId copyId) {
        copyId = _defended(buyer, id);
        vm.prank(COURT);
        copyRegistry.openRefusal(copyId);
    }

    function _rule(CopyId id, Ruling ruling) internal {
        vm.prank(COURT);
        copyRegistry.closeRefusal(id, ruling);
    }

    function _assertState(CopyId id, State state) internal view {
        vm.assertEq(uint256(copyRegistry.copies(id).state), uint256(state), "state");
    }

    /// @dev The copy has lost its collateral and cannot be served, whatever its state.
    function _assertPunished(CopyId id) internal view {
        Copy memory copy = copyRegistry.copies(id);
        vm.assertEq(copy.collateral, 0, "no collateral");
        vm.assertFalse(copy.lastEpoch == 0, "ended");
        vm.assertFalse(copyRegistry.isActive(id), "not served");
    }

    /* MONEY */

    function _fund(address account, address spender, uint256 amount) internal {
        usd.mint(account, amount);
        vm.prank(account);
        usd.approve(spender, amount);
    }

    function _pay(ModelId id, uint256 amount) internal {
        _fund(BUYER, address(treasury), amount);
        vm.prank(BUYER);
        treasury.pay(id, amount, MINTER);
    }

    /// @dev Moves to the first second at which everything paid so far has accrued.
    function _accrue() internal {
        vm.warp((block.timestamp / EPOCH_LENGTH + 2) * EPOCH_LENGTH);
    }

    /* UTILITIES */

    function _bound(uint256 x, uint256 min, uint256 max) internal pure returns (uint256) {
        return x >= min && x <= max ? x : min + x % (max - min + 1);
    }

    /// @dev EIP-712 digest for domain version 1.
    function _digest(string memory name, address verifier, bytes32 words) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256(bytes(name)),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, words));
    }

    function _modelId(uint256 id) internal pure returns (ModelId) {
        return ModelId.wrap(id);
    }

    function _copyId(uint256 id) internal pure returns (CopyId) {
        return CopyId.wrap(id);
    }

    function _actor(string memory name) private returns (address account) {
        account = address(uint160(uint256(keccak256(bytes(name)))));
        vm.label(account, name);
    }
}
