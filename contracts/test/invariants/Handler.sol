// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { Copy, OrderRequest, State } from "../../src/interfaces/ICopyRegistry.sol";
import { Terms } from "../../src/interfaces/IModelRegistry.sol";
import { CopyId, ModelId } from "../../src/lib/Types.sol";
import { ModelShares } from "../../src/money/ModelShares.sol";
import { CopyRegistry } from "../../src/registry/CopyRegistry.sol";
import { ModelRegistry } from "../../src/registry/ModelRegistry.sol";
import { fixedAtOrder } from "../helpers/FixedAtOrder.sol";
import { MintableUSD, OpenTreasury } from "../helpers/Harness.sol";
import { Vm } from "../helpers/Vm.sol";

/// @notice Random calls in any order: everyone creates, buys, holds shares, closes, flows and claims.
contract Handler {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    MintableUSD private immutable USD;
    ModelRegistry private immutable REGISTRY;
    OpenTreasury private immutable TREASURY;
    CopyRegistry private immutable COPIES;
    address private immutable MINTER;

    address[] public people;
    /// @notice Total paid into the treasury, and total paid out.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @notice Hash of the fields fixed by each order, taken at the order.
    mapping(CopyId => bytes32) public ordered;

    uint256 private _time;

    constructor(
        MintableUSD usd,
        ModelRegistry registry,
        OpenTreasury treasury,
        CopyRegistry copies,
        address minter,
        address[] memory people_
    ) {
        USD = usd;
        REGISTRY = registry;
        TREASURY = treasury;
        COPIES = copies;
        MINTER = minter;
        people = people_;
        _time = block.timestamp;
    }

    /* MODELS */

    function setTerms(uint256 model, uint64 price, uint64 collateral, uint16 royaltyBps) external {
        ModelId id = _model(model);
        vm.prank(REGISTRY.ownerOf(ModelId.unwrap(id)));
        REGISTRY.setTerms(id, Terms(price, collateral, 0, royaltyBps % 5001, 3));
    }

    function transferModel(uint256 model, uint256 to) external {
        uint256 id = ModelId.unwrap(_model(model));
        address owner = REGISTRY.ownerOf(id);
        vm.prank(owner);
        REGISTRY.transferFrom(owner, _person(to), id);
    }

    function transferShares(uint256 model, uint256 from, uint256 to, uint256 value) external {
        ModelShares shares = ModelShares(REGISTRY.shares(_model(model)));
        value %= shares.balanceOf(_person(from)) + 1;
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
        OrderRequest memory request =
            OrderRequest(id, 1, terms.price, REGISTRY.termsHash(id), bytes32(uint256(1)), MINTER);
        _fund(_person(buyer), address(COPIES), uint256(terms.price) + terms.collateral);
        vm.prank(_person(buyer));
        CopyId copyId = COPIES.order(request);
        ordered[copyId] = fixedAtOrder(COPIES.copies(copyId));
    }

    /// @notice Moves a copy to its next state, if the clock allows it.
    function advance(uint256 seed) external {
        (CopyId id, Copy memory copy) = _copy(seed);
        if (copy.state == State.Ordered && block.timestamp > copy.deadline) {
            COPIES.refund(id);
        } else if (copy.state == State.Ordered) {
            vm.prank(MINTER);
            COPIES.deliver(id, bytes32(seed | 1), bytes32(seed | 1));
        } else if (copy.state == State.Delivered) {
            vm.prank(copy.buyer);
            COPIES.accept(id);
            paidIn += copy.price;
        } else if (copy.state == State.Active) {
            vm.prank(copy.buyer);
            COPIES.close(id);
        } else if (copy.state == State.Closing && block.timestamp >= copy.deadline) {
            COPIES.withdraw(id);
        }
    }

    function wait(uint256 duration) external {
        _time += duration % 3 days;
        vm.warp(_time);
    }

    /* MONEY */

    function pay(uint256 payer, uint256 model, uint256 amount) external {
        amount %= amount % 2 == 0 ? 100 : 1e15;
        ModelId id = _model(model);
        _fund(_person(payer), address(TREASURY), amount);
        vm.prank(_person(payer));
        TREASURY.pay(id, amount, MINTER);
        paidIn += amount;
    }

    function flow(uint256 child, uint256 parent) external {
        ModelId id = _model(child);
        uint256 count = REGISTRY.parents(id).length;
        if (count > 0) TREASURY.flow(id, REGISTRY.parents(id)[parent % count].parent);
    }

    function claim(uint256 model, uint256 holder) external {
        paidOut += TREASURY.claim(_model(model), _person(holder));
    }

    function claimCredit(uint256 whose) external {
        address[3] memory accounts = [MINTER, TREASURY.protocolAccount(), TREASURY.proverPool()];
        paidOut += TREASURY.claimCredit(accounts[whose % 3]);
    }

    /* UTILITIES */

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
