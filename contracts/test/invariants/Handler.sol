// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Protocol } from "../../src/governance/Protocol.sol";
import { Copy, Delivery, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Ancestor, ParentRef, Relation, Terms } from "../../src/interfaces/IModelRegistry.sol";
import { Parameter } from "../../src/interfaces/IProtocol.sol";
import { Quote } from "../../src/lib/Quotes.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { CopyRegistry } from "../../src/registry/CopyRegistry.sol";
import { MinterRegistry } from "../../src/registry/MinterRegistry.sol";
import { ModelRegistry } from "../../src/registry/ModelRegistry.sol";
import { Origins } from "../../src/registry/Origins.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { MintableUSD, OpenTreasury } from "../helpers/Harness.sol";
import { Vm } from "../helpers/Vm.sol";

/// @notice Random calls in any order: everyone creates, derives, buys, holds shares, closes and claims, governance
/// changes the cuts, a court enters ancestors and takes the bonds behind origins, which others put up, claim and carry on, and
/// a thief borrows shares around payments and registers shells that ask as little as possible.
/// @dev Keeps books of its own, by another method than the contracts: each payment is recorded by model and epoch, and
/// each holder's earnings are summed up by the second.
contract Handler {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant BPS = 10_000;
    uint256 private constant DAY = 1 days;
    uint256 private constant MAX_MODELS = 9;
    address private constant THIEF = address(0x7415f);

    MintableUSD private immutable USD;
    Protocol private immutable PROTOCOL;
    ModelRegistry private immutable REGISTRY;
    OpenTreasury private immutable TREASURY;
    CopyRegistry private immutable COPIES;
    MinterRegistry private immutable MINTERS;
    Origins private immutable ORIGINS;
    address private immutable COURT;
    uint256 private immutable MINTER_KEY;
    address private immutable MINTER;

    address[] public people;
    /// @notice Total paid into the treasury, and total paid out.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @notice Bonds behind origins that were put up, and what was claimed and taken of them.
    uint256 public bondsIn;
    uint256 public bondsOut;
    /// @notice Hash of the fields fixed by each order, taken at the order.
    mapping(CopyId => bytes32) public ordered;
    /// @notice Royalty that each ancestor was promised by each model, by number.
    mapping(uint256 model => mapping(uint256 ancestor => uint256)) public promised;
    /// @notice Least price, collateral and fee that each model was promised to ask.
    mapping(uint256 model => uint256[3]) private _floors;

    mapping(uint256 model => uint256) private _total;
    mapping(uint256 model => mapping(uint256 epoch => uint256)) private _paid;
    mapping(uint256 model => mapping(address holder => uint256)) private _owed;
    mapping(uint256 model => mapping(address holder => uint256)) private _seen;
    mapping(uint256 epoch => uint256[3]) private _cuts;
    uint256 private _lastEpoch;
    uint256 private _time;

    constructor(
        MintableUSD usd,
        Protocol protocol,
        ModelRegistry registry,
        OpenTreasury treasury,
        CopyRegistry copies,
        MinterRegistry minters,
        Origins origins,
        address court,
        uint256 minterKey,
        address[] memory people_
    ) {
        USD = usd;
        PROTOCOL = protocol;
        REGISTRY = registry;
        TREASURY = treasury;
        COPIES = copies;
        (MINTERS, MINTER_KEY, MINTER) = (minters, minterKey, vm.addr(minterKey));
        (ORIGINS, COURT) = (origins, court);
        people = people_;
        people.push(THIEF);
        _time = block.timestamp;
        _lastEpoch = block.timestamp / DAY;
        _cuts[_lastEpoch] = [uint256(250), 250, 500];
    }

    /* MODELS */

    /// @notice Registers a child of two models, or of one. The thief asks nothing and only what it must.
    function register(uint256 who, uint256 first, uint256 second, uint16 royaltyBps, uint16 floorBps) external {
        if (REGISTRY.totalModels() >= MAX_MODELS) return;
        uint256 one = 1 + first % REGISTRY.totalModels();
        uint256 other = 1 + second % REGISTRY.totalModels();
        ParentRef[] memory refs = new ParentRef[](one == other ? 1 : 2);
        refs[0] = _ref(one);
        if (one != other) refs[1] = _ref(other);
        Terms memory terms = Terms(1e6, 1e6, 1000, royaltyBps % 2000, floorBps % 10_001, 5000, 3);
        if (_person(who) == THIEF) terms = Terms(0, 0, 0, 0, 0, 0, 3);
        vm.prank(_person(who));
        try REGISTRY.register(bytes32(uint256(1)), "ni:///x", terms, refs, new address[](0)) returns (ModelId id) {
            _inherit(ModelId.unwrap(id), one);
            _inherit(ModelId.unwrap(id), other);
            bondsIn += ORIGINS.bonds(id, 1).amount;
        } catch { }
    }

    /// @notice Publishes a version, behind a bond of the controller's own or one that waits. One that is not needed returns to
    /// who had put it up.
    function publish(uint256 model, bool allows) external {
        ModelId id = _model(model);
        uint32 next = REGISTRY.versionCount(id) + 1;
        address controller = REGISTRY.controllerOf(id);
        uint256 waiting = ORIGINS.bonds(id, next).amount;
        if (next > 5 || (waiting == 0 && !allows)) return;
        vm.prank(controller);
        USD.approve(address(ORIGINS), allows ? type(uint256).max : 0);
        vm.prank(controller);
        REGISTRY.addVersion(id, bytes32(uint256(1)), "ni:///x");
        vm.prank(controller);
        USD.approve(address(ORIGINS), 0);
        if (!allows) return;
        bondsIn += ORIGINS.bonds(id, next).amount;
        bondsOut += waiting;
        paidIn += waiting;
    }

    function putUp(uint256 who, uint256 model) external {
        ModelId id = _model(model);
        uint32 next = REGISTRY.versionCount(id) + 1;
        vm.prank(_person(who));
        try ORIGINS.putUp(id, next) {
            bondsIn += ORIGINS.bonds(id, next).amount;
        } catch { }
    }

    function claimBond(uint256 who, uint256 model, uint32 version) external {
        ModelId id = _model(model);
        vm.prank(_person(who));
        try ORIGINS.claim(id, version % 6) returns (uint64 amount) {
            bondsOut += amount;
        } catch { }
    }

    /// @notice A court enters an ancestor, and takes a bond.
    function enter(uint256 model, uint256 ancestor, uint256 displaced, uint256 most, uint256 bounty) external {
        ModelId id = _model(model);
        if (ModelId.unwrap(id) == 1) return;
        ModelId earlier = ModelId.wrap(1 + ancestor % (ModelId.unwrap(id) - 1));
        ModelId leaves = _model(displaced);
        vm.prank(COURT);
        ORIGINS.enter(id, 1, earlier, leaves);
        vm.prank(COURT);
        (uint64 taken, uint64 paid) = ORIGINS.take(id, 1, most % 100e6, bounty);
        bondsOut += taken;
        paidIn += taken - paid;
    }

    /// @notice Anyone carries an ancestor on, along a path that may be none.
    function carry(uint256 ancestor, uint256[3] calldata models, uint256 length) external {
        ModelId[] memory path = new ModelId[](1 + length % 3);
        for (uint256 i; i < path.length; ++i) {
            path[i] = _model(models[i]);
        }
        try ORIGINS.carry(_model(ancestor), path) { } catch { }
    }

    function setTerms(uint256 model, uint64 price, uint64 collateral, uint16 royaltyBps, uint16 floorBps) external {
        ModelId id = _model(model);
        vm.prank(REGISTRY.controllerOf(id));
        try REGISTRY.setTerms(
            id, Terms(price % 1e15, collateral, 1000, royaltyBps % 5001, floorBps % 10_001, royaltyBps, 3)
        ) { }
            catch { }
    }

    function announce(uint256 model, uint256 who) external {
        vm.prank(_person(who));
        try ModelShares(REGISTRY.shares(_model(model))).announce() { } catch { }
    }

    function transferShares(uint256 model, uint256 from, uint256 to, uint256 value) public {
        ModelId id = _model(model);
        ModelShares shares = ModelShares(REGISTRY.shares(id));
        value %= shares.balanceOf(_person(from)) + 1;
        _note(ModelId.unwrap(id), _person(from));
        _note(ModelId.unwrap(id), _person(to));
        vm.prank(_person(from));
        shares.transfer(_person(to), value);
    }

    function transferSharesToOneself(uint256 model, uint256 holder) external {
        ModelShares shares = ModelShares(REGISTRY.shares(_model(model)));
        address account = _person(holder);
        uint256 value = shares.balanceOf(account);
        vm.prank(account);
        shares.transfer(account, value);
    }

    function delegate(uint256 model, uint256 from, uint256 to) external {
        ModelShares shares = ModelShares(REGISTRY.shares(_model(model)));
        vm.prank(_person(from));
        shares.delegate(to % 4 == 0 ? address(0) : _person(to));
    }

    /* COPIES */

    function order(uint256 buyer, uint256 model) external {
        ModelId id = _model(model);
        Terms memory terms = REGISTRY.terms(id);
        _offer(id);
        Quote memory quote = Quote({
            minter: MINTER,
            modelId: id,
            version: 1,
            termsHash: REGISTRY.termsHash(id),
            buyer: _person(buyer),
            buyerSeedHash: bytes32(uint256(1)),
            fee: 0,
            secondsToDeliver: 1 days,
            penalty: 1e6,
            expiresAt: type(uint64).max,
            salt: bytes32(COPIES.totalCopies())
        });
        if (MINTERS.minters(MINTER).bond < MINTERS.minters(MINTER).reserved + quote.penalty) return;
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(MINTER_KEY, MINTERS.quoteDigest(quote));
        _fund(_person(buyer), address(COPIES), uint256(terms.price) + terms.collateral);
        vm.prank(_person(buyer));
        CopyId copyId = COPIES.order(quote, abi.encodePacked(r, s, v));
        ordered[copyId] = fixedAtOrder(COPIES.copies(copyId));
    }

    function _offer(ModelId id) private {
        if (REGISTRY.minterNamed(id, MINTER)) return;
        vm.prank(REGISTRY.controllerOf(id));
        REGISTRY.nameMinter(id, MINTER, true);
        vm.prank(MINTER);
        REGISTRY.commitKeyPool(id, 1, bytes32(uint256(1)));
    }

    /// @notice Moves a copy to its next state, if the clock allows it.
    function advance(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state == State.Ordered && block.timestamp > copy.deadline) {
            vm.prank(copy.buyer);
            COPIES.refund(id);
            paidIn += copy.penalty;
        } else if (copy.state == State.Ordered) {
            bytes32 root = bytes32(seed | 1);
            vm.prank(MINTER);
            COPIES.deliver(id, Delivery(root, root, root, root, "url"));
        } else if (copy.state == State.Delivered) {
            vm.prank(copy.buyer);
            COPIES.accept(id);
            _record(copy.modelId, copy.price);
        } else if (copy.state == State.Active) {
            vm.prank(copy.buyer);
            COPIES.close(id);
        } else if (COPIES.released(id) > 0) {
            vm.prank(copy.buyer);
            COPIES.withdraw(id);
        }
    }

    function wait(uint256 duration) external {
        _time += duration % 3 days;
        vm.warp(_time);
    }

    /* MONEY */

    function pay(uint256 payer, uint256 model, uint256 amount) public {
        amount %= amount % 2 == 0 ? 100 : 1e13;
        ModelId id = _model(model);
        _fund(_person(payer), address(TREASURY), amount);
        vm.prank(_person(payer));
        TREASURY.pay(id, amount, MINTER);
        _record(id, amount);
    }

    /// @notice The thief borrows all shares of a holder around a payment and returns them at once.
    function borrow(uint256 payer, uint256 model, uint256 holder, uint256 amount) external {
        uint256 thief = people.length - 1;
        ModelShares shares = ModelShares(REGISTRY.shares(_model(model)));
        uint256 before = shares.balanceOf(THIEF);
        transferShares(model, holder, thief, shares.balanceOf(_person(holder)));
        pay(payer, model, amount);
        claim(model, thief);
        transferShares(model, thief, holder, shares.balanceOf(THIEF) - before);
    }

    function claim(uint256 model, uint256 holder) public {
        ModelId id = _model(model);
        _note(ModelId.unwrap(id), _person(holder));
        uint256 amount = TREASURY.claim(id, _person(holder));
        paidOut += amount;
        _owed[ModelId.unwrap(id)][_person(holder)] -= amount * TREASURY.parts();
    }

    function claimCredit(uint256 whose) external {
        address[4] memory accounts = [MINTER, TREASURY.protocolAccount(), TREASURY.proverPool(), _person(whose / 4)];
        paidOut += TREASURY.claimCredit(accounts[whose % 4]);
    }

    function setCuts(uint16 protocolBps, uint16 proverBps, uint16 minterBps) external {
        uint256 now_ = _catchUp();
        uint256[3] memory next = [uint256(protocolBps % 501), proverBps % 501, minterBps % 1001];
        for (uint256 i; i < 3; ++i) {
            vm.prank(PROTOCOL.owner());
            PROTOCOL.set(Parameter(uint256(Parameter.ProtocolCutBps) + i), uint64(next[i]));
        }
        _cuts[now_ + 1] = next;
        _lastEpoch = now_ + 1;
    }

    /* BOOKS */

    /// @notice What a holder should be owed, in parts of a unit.
    function expected(uint256 model, address holder) external view returns (uint256) {
        uint256 balance = ModelShares(REGISTRY.shares(ModelId.wrap(model))).balanceOf(holder);
        return _owed[model][holder] + (_accrued(model) - _seen[model][holder]) * balance;
    }

    function floors(uint256 model) external view returns (uint256[3] memory) {
        return _floors[model];
    }

    function peopleCount() external view returns (uint256) {
        return people.length;
    }

    /// @dev Each epoch's payments accrue by the second over the next one.
    function _accrued(uint256 model) private view returns (uint256) {
        uint256 today = block.timestamp / DAY;
        uint256 yesterdays = _paid[model][today - 1];
        return _total[model] - _paid[model][today] - yesterdays + yesterdays * (block.timestamp % DAY) / DAY;
    }

    function _note(uint256 model, address holder) private {
        uint256 accrued = _accrued(model);
        uint256 balance = ModelShares(REGISTRY.shares(ModelId.wrap(model))).balanceOf(holder);
        _owed[model][holder] += (accrued - _seen[model][holder]) * balance;
        _seen[model][holder] = accrued;
    }

    function _record(ModelId id, uint256 amount) private {
        paidIn += amount;
        uint256[3] memory cuts = _cuts[_catchUp()];
        uint256 rest = amount - amount * cuts[0] / BPS - amount * cuts[1] / BPS - amount * cuts[2] / BPS;
        uint256 model = ModelId.unwrap(id);
        uint256 own = BPS;
        for (uint256 i = 1; i <= REGISTRY.totalModels(); ++i) {
            uint256 bps = promised[model][i];
            own -= bps;
            if (bps > 0) _credit(i, rest * bps);
        }
        _credit(model, rest * own - _creditEntered(TREASURY.entered(id), rest, own));
    }

    /// @dev Entered ancestors divide at most the shareholders' part.
    function _creditEntered(Ancestor[] memory entered, uint256 rest, uint256 own) private returns (uint256 sum) {
        uint256 asked;
        for (uint256 i; i < entered.length; ++i) {
            asked += entered[i].royaltyBps;
        }
        for (uint256 i; i < entered.length; ++i) {
            uint256 parts = asked <= own ? rest * entered[i].royaltyBps : rest * entered[i].royaltyBps * own / asked;
            _credit(ModelId.unwrap(entered[i].id), parts);
            sum += parts;
        }
    }

    function _credit(uint256 model, uint256 parts) private {
        uint256 epoch = block.timestamp / DAY;
        _paid[model][epoch] += parts;
        _total[model] += parts;
    }

    /// @dev Cuts of the current epoch: those of the latest epoch for which they were set.
    function _catchUp() private returns (uint256 epoch) {
        epoch = block.timestamp / DAY;
        for (; _lastEpoch < epoch; ++_lastEpoch) {
            _cuts[_lastEpoch + 1] = _cuts[_lastEpoch];
        }
    }

    function _inherit(uint256 child, uint256 parent) private {
        for (uint256 i = 1; i < child; ++i) {
            if (promised[parent][i] > promised[child][i]) promised[child][i] = promised[parent][i];
        }
        Terms memory terms = REGISTRY.terms(ModelId.wrap(parent));
        if (terms.royaltyBps > promised[child][parent]) promised[child][parent] = terms.royaltyBps;
        uint256[3] memory asked = [uint256(terms.price), terms.collateral, terms.fee];
        for (uint256 i; i < 3; ++i) {
            uint256 own = (asked[i] * terms.floorBps + BPS - 1) / BPS;
            if (_floors[parent][i] > own) own = _floors[parent][i];
            if (own > _floors[child][i]) _floors[child][i] = own;
        }
    }

    /* UTILITIES */

    function _ref(uint256 parent) private view returns (ParentRef memory) {
        ModelId id = ModelId.wrap(parent);
        return ParentRef(id, Relation.Finetune, REGISTRY.termsHash(id), CopyId.wrap(0));
    }

    function _model(uint256 seed) private view returns (ModelId) {
        return ModelId.wrap(1 + seed % REGISTRY.totalModels());
    }

    function _person(uint256 seed) private view returns (address) {
        return people[seed % people.length];
    }

    function _copy(uint256 seed) private view returns (CopyId id, Copy memory copy) {
        uint256 total = COPIES.totalCopies();
        id = CopyId.wrap(total == 0 ? 0 : 1 + seed % total);
        copy = COPIES.copies(id);
    }

    function _fund(address account, address spender, uint256 amount) private {
        USD.mint(account, amount);
        vm.prank(account);
        USD.approve(spender, amount);
    }
}
