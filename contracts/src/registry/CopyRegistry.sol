// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ICollateral } from "../interfaces/ICollateral.sol";
import { Copy, Delivery, ICopyRegistry, Permit, Reason, Served, State } from "../interfaces/ICopyRegistry.sol";
import { IMinterRegistry } from "../interfaces/IMinterRegistry.sol";
import { IModelRegistry, Offer } from "../interfaces/IModelRegistry.sol";
import { IProtocol } from "../interfaces/IProtocol.sol";
import { IRefusals, Ruling } from "../interfaces/IRefusals.sol";
import { ITreasury } from "../interfaces/ITreasury.sol";
import { IUsageLedger } from "../interfaces/IUsageLedger.sol";
import { Fingerprints } from "../lib/Fingerprints.sol";
import { Quote } from "../lib/Quotes.sol";
import { BPS, BURNED, CopyId, ModelId } from "../lib/Types.sol";
import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { IERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { Math } from "@openzeppelin/contracts/utils/math/Math.sol";
import { SafeCast } from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// @notice See `ICopyRegistry`.
contract CopyRegistry is ICopyRegistry {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_TEXT_LENGTH = 256;

    /// @dev `Copy` packed into six words. An order writes five of them; a delivery changes two and writes one. A report
    /// reads the first three. One deadline suffices, because each state has at most one.
    struct PackedCopy {
        address minter;
        State state;
        uint40 deadline;
        uint16 acceptMinutes;
        uint32 mintFee;
        address buyer;
        uint32 version;
        uint48 modelId;
        uint16 openDisputes;
        uint64 leakBond;
        uint96 collateral;
        uint64 fee;
        uint32 lastEpoch;
        uint64 price;
        uint64 penalty;
        uint32 leakTail;
        Reason reason;
        bool redelivered;
        bytes32 artifactRoot;
        bytes32 fingerprintRoot;
    }

    IERC20 private immutable USD;
    IModelRegistry private immutable REGISTRY;
    ITreasury private immutable TREASURY;
    IProtocol private immutable PROTOCOL;
    IMinterRegistry private immutable MINTERS;
    IUsageLedger private immutable LEDGER;
    address private immutable DEPLOYER;

    /// @inheritdoc ICopyRegistry
    uint256 public totalCopies;
    /// @inheritdoc ICopyRegistry
    mapping(address account => bool) public isCourt;
    /// @inheritdoc ICopyRegistry
    mapping(bytes32 offence => bool) public punished;

    /// @inheritdoc ICopyRegistry
    mapping(ModelId id => uint256) public soldOf;

    mapping(CopyId id => PackedCopy) private _copies;
    bool private _courtsSet;

    constructor(
        IERC20 usd,
        IModelRegistry registry,
        ITreasury treasury,
        IProtocol protocol,
        IMinterRegistry minters,
        IUsageLedger ledger,
        address deployer
    ) {
        USD = usd;
        REGISTRY = registry;
        TREASURY = treasury;
        PROTOCOL = protocol;
        MINTERS = minters;
        LEDGER = ledger;
        DEPLOYER = deployer;

        usd.forceApprove(address(treasury), type(uint256).max);
        usd.forceApprove(address(ledger), type(uint256).max);
    }

    modifier onlyCourt() {
        require(isCourt[msg.sender], NotCourt(msg.sender));
        _;
    }

    /* ORDERS */

    /// @inheritdoc ICopyRegistry
    function order(Quote calldata quote, bytes calldata signature) external returns (CopyId id) {
        return _order(quote, signature);
    }

    /// @inheritdoc ICopyRegistry
    function orderWithPermit(Quote calldata quote, bytes calldata signature, Permit calldata permit)
        external
        returns (CopyId id)
    {
        try IERC20Permit(address(USD))
            .permit(msg.sender, address(this), permit.value, permit.deadline, permit.v, permit.r, permit.s) { }
            catch { }

        return _order(quote, signature);
    }

    /// @inheritdoc ICopyRegistry
    function deliver(CopyId id, Delivery calldata delivery) external {
        PackedCopy storage copy = _copies[id];
        bool again = copy.state == State.Refused;
        uint64 time = PROTOCOL.time();
        require(again || copy.state == State.Ordered, WrongState(id, copy.state, State.Ordered));
        require(!again || !copy.redelivered, RedeliveredBefore(id));
        require(msg.sender == copy.minter, NotMinter(msg.sender, copy.minter));
        require(time <= copy.deadline, TooLate(time, copy.deadline));
        require(_isComplete(delivery), DeliveryIncomplete());

        uint64 acceptDeadline = time + uint64(copy.acceptMinutes) * 1 minutes;
        bytes32 keyPoolRoot = again ? REGISTRY.keyPool(_modelOf(copy), copy.version).root : copy.fingerprintRoot;
        bytes32 fingerprintRoot = Fingerprints.rootOf(keyPoolRoot, delivery.responsesRoot);

        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        (copy.state, copy.deadline) = (State.Delivered, uint40(acceptDeadline));
        if (again) (copy.redelivered, copy.reason) = (true, Reason.None);
        (copy.artifactRoot, copy.fingerprintRoot) = (delivery.artifactRoot, fingerprintRoot);
        emit Delivered(
            id,
            delivery.artifactRoot,
            fingerprintRoot,
            delivery.responsesRoot,
            delivery.ciphertextHash,
            delivery.sealedKey,
            delivery.url,
            acceptDeadline
        );
    }

    /// @inheritdoc ICopyRegistry
    function accept(CopyId id) external {
        PackedCopy storage copy = _copies[id];
        State state = copy.state;
        require(
            state == State.Delivered || state == State.Refused || state == State.Defended,
            WrongState(id, state, State.Delivered)
        );
        require(
            msg.sender == copy.buyer || (state != State.Refused && PROTOCOL.time() > copy.deadline),
            NotBuyer(msg.sender, copy.buyer)
        );

        _accept(id, copy);
    }

    /* REFUSALS */

    /// @inheritdoc ICopyRegistry
    function refuse(CopyId id, Reason reason, string calldata evidence) external {
        PackedCopy storage copy = _inState(id, State.Delivered);
        uint64 time = PROTOCOL.time();
        uint256 length = bytes(evidence).length;
        require(msg.sender == copy.buyer, NotBuyer(msg.sender, copy.buyer));
        require(time <= copy.deadline, TooLate(time, copy.deadline));
        require(reason != Reason.None && length <= MAX_TEXT_LENGTH, RefusalIncomplete(reason, length));

        uint64 answerDeadline = _answerBy(copy, State.Refused, time);
        copy.reason = reason;
        emit DeliveryRefused(id, reason, evidence, answerDeadline);
    }

    /// @inheritdoc ICopyRegistry
    function standBy(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Refused);
        uint64 time = PROTOCOL.time();
        require(msg.sender == copy.minter, NotMinter(msg.sender, copy.minter));
        require(time <= copy.deadline, TooLate(time, copy.deadline));

        emit DeliveryDefended(id, _answerBy(copy, State.Defended, time));
    }

    /// @inheritdoc ICopyRegistry
    function refund(CopyId id) external {
        PackedCopy storage copy = _copies[id];
        State state = copy.state;
        uint64 time = PROTOCOL.time();
        require(state == State.Ordered || state == State.Refused, WrongState(id, state, State.Ordered));
        require(
            time > copy.deadline || (state == State.Refused && msg.sender == copy.minter),
            TooEarly(time, copy.deadline + 1)
        );

        if (state == State.Ordered) copy.leakBond = 0;
        _refund(id, copy, time, copy.penalty);
    }

    /// @inheritdoc IRefusals
    function openRefusal(CopyId id) external onlyCourt returns (address buyer, address minter) {
        PackedCopy storage copy = _copies[id];
        State state = copy.state;
        uint64 time = PROTOCOL.time();
        bool defended = state == State.Defended && time <= copy.deadline;
        bool unanswered = state == State.Refused && time > copy.deadline;
        require(defended || unanswered, RefusalNotOpen(id, state, time, copy.deadline));

        (copy.state, copy.deadline) = (State.Contested, 0);
        emit DeliveryContested(id, msg.sender);
        return (copy.buyer, copy.minter);
    }

    /// @inheritdoc IRefusals
    function closeRefusal(CopyId id, Ruling ruling) external onlyCourt {
        PackedCopy storage copy = _inState(id, State.Contested);
        require(ruling != Ruling.None, RulingMissing());

        emit DeliveryRuled(id, msg.sender, ruling);

        if (ruling == Ruling.Usable) return _accept(id, copy);
        if (ruling == Ruling.Unusable) copy.leakBond = 0;
        _refund(id, copy, PROTOCOL.time(), ruling == Ruling.Unheard ? 0 : copy.penalty);
    }

    /* COLLATERAL */

    /// @inheritdoc ICopyRegistry
    function close(CopyId id) external {
        PackedCopy storage copy = _inState(id, State.Active);
        require(msg.sender == copy.buyer, NotBuyer(msg.sender, copy.buyer));

        uint64 thawEndsAt = PROTOCOL.thawEnd();

        // seconds, until the year 36812, and an epoch
        // forge-lint: disable-start(unsafe-typecast)
        (copy.state, copy.deadline) = (State.Closing, uint40(thawEndsAt));
        // a copy that has lost its collateral ended then
        if (copy.lastEpoch == 0) copy.lastEpoch = uint32(PROTOCOL.epoch());
        // forge-lint: disable-end(unsafe-typecast)
        emit Closing(id, thawEndsAt);
    }

    /// @inheritdoc ICopyRegistry
    function withdraw(CopyId id) external returns (uint256 amount) {
        PackedCopy storage copy = _copies[id];
        State state = copy.state;
        uint64 time = PROTOCOL.time();
        amount = _released(copy, time);
        require(_isTail(state), WrongState(id, state, State.Closing));
        require(time >= copy.deadline, TooEarly(time, copy.deadline));
        require(copy.openDisputes == 0, DisputeOpen(id, copy.openDisputes));
        require(amount > 0 || state == State.Closing, NothingReleased(id, copy.collateral));

        if (state == State.Closing) {
            copy.state = State.Closed;
            emit Closed(id);
        }
        _return(id, copy, amount);
    }

    /// @inheritdoc ICopyRegistry
    function addCollateral(CopyId id, uint96 amount) external {
        PackedCopy storage copy = _copies[id];
        require(copy.state == State.Active || copy.state == State.Closing, WrongState(id, copy.state, State.Active));

        copy.collateral += amount;
        emit CollateralAdded(id, msg.sender, amount, copy.collateral);

        USD.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @inheritdoc ICopyRegistry
    function coverFees(CopyId id) external returns (uint256 amount) {
        PackedCopy storage copy = _copies[id];
        amount = Math.min(LEDGER.overdue(id), _usageCollateral(copy));
        require(amount > 0, NothingOverdue(id));

        uint96 left = _take(copy, amount);
        emit FeesCovered(id, amount, left);

        LEDGER.deposit(id, amount.toUint64());
    }

    /* COURTS */

    /// @inheritdoc ICollateral
    function openDispute(CopyId id) external onlyCourt {
        PackedCopy storage copy = _frozen(id);
        require(copy.collateral > 0 || copy.lastEpoch == 0, NothingAtStake(id, copy.state));

        emit DisputeOpened(id, msg.sender, ++copy.openDisputes);
    }

    /// @inheritdoc ICollateral
    function closeDispute(CopyId id) external onlyCourt {
        PackedCopy storage copy = _copies[id];
        require(copy.openDisputes > 0, NoDisputeOpen(id));

        emit DisputeClosed(id, msg.sender, --copy.openDisputes);
    }

    /// @inheritdoc ICollateral
    function slash(CopyId id, uint256 claimed, uint256 maxBounty, bytes32 offence)
        external
        onlyCourt
        returns (uint256 taken, uint256 bounty)
    {
        PackedCopy storage copy = _frozen(id);
        require(!punished[offence], OffencePunished(offence));

        taken = Math.min(claimed, copy.collateral);
        bounty = Math.min(maxBounty, taken * PROTOCOL.bountyBps() / BPS);

        punished[offence] = true;
        uint96 left = _take(copy, taken);
        emit Slashed(id, msg.sender, offence, taken, bounty, left);

        if (taken == 0) return (0, 0);
        TREASURY.payAccount(BURNED, taken - bounty);
        USD.safeTransfer(msg.sender, bounty);
    }

    /// @inheritdoc ICopyRegistry
    function setCourts(address[] calldata courts) external {
        require(msg.sender == DEPLOYER, NotDeployer(msg.sender, DEPLOYER));
        require(!_courtsSet, CourtsAlreadySet());

        _courtsSet = true;
        for (uint256 i; i < courts.length; ++i) {
            isCourt[courts[i]] = true;
        }
        emit CourtsSet(courts);
    }

    /* VIEWS */

    /// @inheritdoc ICopyRegistry
    function copies(CopyId id) external view returns (Copy memory copy) {
        PackedCopy storage packed = _copies[id];
        copy.modelId = _modelOf(packed);
        copy.version = packed.version;
        copy.state = packed.state;
        copy.buyer = packed.buyer;
        copy.minter = packed.minter;
        copy.deadline = packed.deadline;
        copy.acceptWindow = uint64(packed.acceptMinutes) * 1 minutes;
        copy.price = packed.price;
        copy.collateral = packed.collateral;
        copy.leakBond = packed.leakBond;
        copy.leakTail = packed.leakTail;
        copy.fee = packed.fee;
        copy.mintFee = packed.mintFee;
        copy.penalty = packed.penalty;
        copy.openDisputes = packed.openDisputes;
        copy.lastEpoch = packed.lastEpoch;
        copy.reason = packed.reason;
        copy.redelivered = packed.redelivered;
        copy.artifactRoot = packed.artifactRoot;
        copy.fingerprintRoot = packed.fingerprintRoot;
    }

    /// @inheritdoc ICopyRegistry
    function isActiveHolder(CopyId id, ModelId modelId, address account) external view returns (bool) {
        PackedCopy storage copy = _copies[id];
        return _isActive(copy) && _modelOf(copy) == modelId && copy.buyer == account;
    }

    /// @inheritdoc ICopyRegistry
    function isActive(CopyId id) external view returns (bool) {
        return _isActive(_copies[id]);
    }

    /// @inheritdoc ICopyRegistry
    function hostOf(CopyId id) external view returns (address) {
        return _copies[id].buyer;
    }

    /// @inheritdoc ICopyRegistry
    function lastEpoch(CopyId id) external view returns (uint64) {
        return _lastEpoch(_copies[id]);
    }

    /// @inheritdoc ICopyRegistry
    function released(CopyId id) external view returns (uint256) {
        PackedCopy storage copy = _copies[id];
        return copy.openDisputes > 0 ? 0 : _released(copy, PROTOCOL.time());
    }

    /// @inheritdoc ICopyRegistry
    function served(CopyId id) external view returns (Served memory) {
        PackedCopy storage copy = _copies[id];
        return Served({
            modelId: _modelOf(copy),
            host: copy.buyer,
            minter: copy.minter,
            collateral: uint96(_usageCollateral(copy)),
            fee: copy.fee,
            lastEpoch: _lastEpoch(copy)
        });
    }

    /* INTERNAL */

    function _order(Quote calldata quote, bytes calldata signature) private returns (CopyId id) {
        (uint64 time, uint64 leakTail, uint64 acceptWindow) = PROTOCOL.ordering();
        Offer memory offer = REGISTRY.offer(quote.modelId, quote.version, quote.minter);
        bytes32 termsHash = keccak256(abi.encode(offer.terms));
        require(!offer.retired, ModelRetired(quote.modelId));
        require(offer.minterNamed, MinterNotNamed(quote.modelId, quote.minter));
        require(offer.keyPoolRoot != 0, KeyPoolMissing(quote.modelId, quote.version));
        require(termsHash == quote.termsHash, TermsChanged(termsHash, quote.termsHash));
        require(msg.sender == quote.buyer, NotQuoted(msg.sender, quote.buyer));
        require(time <= quote.expiresAt, QuoteExpired(time, quote.expiresAt));
        require(quote.buyerSeedHash != 0, BuyerSeedMissing());

        uint64 collateral = offer.terms.collateral;

        id = CopyId.wrap(++totalCopies);
        PackedCopy storage copy = _copies[id];
        // minutes of at most 30 days, seconds until the year 36812 and of at most 1,000 days, at most the collateral
        // forge-lint: disable-start(unsafe-typecast)
        (copy.minter, copy.state, copy.mintFee) = (quote.minter, State.Ordered, quote.fee);
        (copy.deadline, copy.acceptMinutes) = (uint40(time + quote.secondsToDeliver), uint16(acceptWindow / 1 minutes));
        (copy.buyer, copy.version) = (msg.sender, quote.version);
        copy.modelId = ModelId.unwrap(quote.modelId).toUint48();
        (copy.price, copy.collateral, copy.fee) = (offer.terms.price, collateral, offer.terms.fee);
        copy.leakBond = uint64(Math.ceilDiv(uint256(collateral) * offer.terms.leakBps, BPS));
        (copy.penalty, copy.leakTail) = (quote.penalty, uint32(leakTail));
        // forge-lint: disable-end(unsafe-typecast)
        copy.fingerprintRoot = offer.keyPoolRoot;
        _emitOrdered(id, copy, quote);

        MINTERS.take(id, quote, signature);
        USD.safeTransferFrom(msg.sender, address(this), uint256(offer.terms.price) + quote.fee + collateral);
    }

    function _emitOrdered(CopyId id, PackedCopy storage copy, Quote calldata quote) private {
        emit Ordered(
            id,
            quote.modelId,
            msg.sender,
            quote.version,
            quote.minter,
            copy.price,
            copy.collateral,
            copy.leakBond,
            copy.leakTail,
            quote.fee,
            quote.penalty,
            quote.termsHash,
            quote.buyerSeedHash,
            copy.deadline
        );
    }

    function _isComplete(Delivery calldata delivery) private pure returns (bool) {
        uint256 length = bytes(delivery.url).length;
        return delivery.artifactRoot != 0 && delivery.responsesRoot != 0 && delivery.ciphertextHash != 0
            && delivery.sealedKey != 0 && length > 0 && length <= MAX_TEXT_LENGTH;
    }

    /// @dev Moves a refused copy on. Somebody has one answer window to react.
    function _answerBy(PackedCopy storage copy, State state, uint64 time) private returns (uint64 deadline) {
        deadline = time + PROTOCOL.answerWindow();
        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        (copy.state, copy.deadline) = (state, uint40(deadline));
    }

    function _accept(CopyId id, PackedCopy storage copy) private {
        (copy.state, copy.deadline) = (State.Active, 0);
        ++soldOf[_modelOf(copy)];
        emit Accepted(id);

        TREASURY.pay(_modelOf(copy), copy.price, copy.minter);
        if (copy.mintFee > 0) TREASURY.payAccount(copy.minter, copy.mintFee);
        MINTERS.release(copy.minter, copy.penalty);
    }

    /// @dev Ends a copy that was not accepted. What is left of its leak bond begins to be released.
    function _refund(CopyId id, PackedCopy storage copy, uint64 time, uint64 penalty) private {
        uint64 reserved = copy.penalty;
        address buyer = copy.buyer;

        // seconds, until the year 36812
        // forge-lint: disable-next-line(unsafe-typecast)
        (copy.state, copy.deadline) = (State.Refunded, uint40(time));
        uint256 amount = uint256(copy.price) + copy.mintFee;
        // an open dispute freezes the collateral
        uint256 freed = copy.openDisputes > 0 ? 0 : _released(copy, time);
        // at most the collateral, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        copy.collateral -= uint96(freed);
        emit Refunded(id, penalty, copy.collateral);

        if (penalty > 0) MINTERS.penalize(copy.minter, buyer, penalty);
        else MINTERS.release(copy.minter, reserved);
        _send(buyer, amount + freed);
    }

    /// @dev Returns released collateral to the buyer, less the fees that the copy owes.
    function _return(CopyId id, PackedCopy storage copy, uint256 amount) private {
        uint256 fees = Math.min(LEDGER.owed(id), amount);

        // at most the collateral, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        uint96 left = copy.collateral - uint96(amount);
        copy.collateral = left;
        if (fees > 0) emit FeesCovered(id, fees, left);
        emit CollateralReturned(id, amount - fees, left);

        if (fees > 0) LEDGER.deposit(id, fees.toUint64());
        _send(copy.buyer, amount - fees);
    }

    /// @dev Sends the caller its own money, and credits anybody else. A transfer to somebody else could fail.
    function _send(address account, uint256 amount) private {
        if (msg.sender == account) USD.safeTransfer(account, amount);
        else TREASURY.payAccount(account, amount);
    }

    function _inState(CopyId id, State needed) private view returns (PackedCopy storage copy) {
        copy = _copies[id];
        require(copy.state == needed, WrongState(id, copy.state, needed));
    }

    /// @dev A copy that was delivered and whose money has not all been released. What has been released is returned
    /// first: nobody is punished for not having fetched it. While a dispute is open, nothing is released.
    function _frozen(CopyId id) private returns (PackedCopy storage copy) {
        copy = _copies[id];
        State state = copy.state;
        require(state != State.None && state != State.Ordered, NothingAtStake(id, state));
        if (copy.openDisputes > 0) return copy;

        uint256 amount = _released(copy, PROTOCOL.time());
        require(
            copy.collateral > amount || (state != State.Closed && state != State.Refunded), NothingAtStake(id, state)
        );
        if (amount > 0) _return(id, copy, amount);
    }

    /// @dev Takes an amount that the collateral covers. A copy that loses all of it ends, unless it had ended before.
    function _take(PackedCopy storage copy, uint256 amount) private returns (uint96 left) {
        // at most the collateral, which fits
        // forge-lint: disable-next-line(unsafe-typecast)
        left = copy.collateral - uint96(amount);
        copy.collateral = left;
        // an epoch
        // forge-lint: disable-next-line(unsafe-typecast)
        if (left == 0 && copy.lastEpoch == 0) copy.lastEpoch = uint32(PROTOCOL.epoch());
    }

    /// @dev Part of the collateral that may leave: nothing before the tail begins, then all but what is left of the leak
    /// bond.
    function _released(PackedCopy storage copy, uint64 time) private view returns (uint256) {
        uint256 start = copy.deadline;
        uint256 collateral = copy.collateral;
        if (!_isTail(copy.state) || time < start) return 0;
        uint256 tail = copy.leakTail;
        uint256 left = time - start >= tail ? 0 : Math.ceilDiv(copy.leakBond * (start + tail - time), tail);
        return collateral > left ? collateral - left : 0;
    }

    /// @dev The collateral without the leak bond, which backs reports.
    function _usageCollateral(PackedCopy storage copy) private view returns (uint256) {
        (uint256 collateral, uint256 leakBond) = (copy.collateral, copy.leakBond);
        return collateral > leakBond ? collateral - leakBond : 0;
    }

    function _isTail(State state) private pure returns (bool) {
        return state == State.Closing || state == State.Closed || state == State.Refunded;
    }

    function _isActive(PackedCopy storage copy) private view returns (bool) {
        return copy.state == State.Active && copy.lastEpoch == 0;
    }

    function _lastEpoch(PackedCopy storage copy) private view returns (uint64) {
        uint64 last = copy.lastEpoch;
        return last == 0 ? type(uint64).max : last;
    }

    function _modelOf(PackedCopy storage copy) private view returns (ModelId) {
        return ModelId.wrap(copy.modelId);
    }
}
